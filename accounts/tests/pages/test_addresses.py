"""The page that confirms a new address."""

import pytest
from django.test import Client

from accounts.links import NOT_VALID, new_address_token
from accounts.models import User
from accounts.new_addresses import TAKEN_MEANWHILE
from accounts.pages.addresses import ADDRESS_SET, INTRO, LOG_IN_WITH
from accounts.tests.baker_recipes import PASSWORD, writer
from accounts.tests.mail.mailbox import link_to, subjects_to
from accounts.tests.pages.test_passwords import submit, text_of

pytestmark = pytest.mark.django_db
OLD, NEW = "bob@example.com", "robert@example.com"


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def test_the_link_in_the_mail_opens_a_page_whose_button_changes_the_address(as_user, browser):
    as_user(writer.make(email=OLD)).patch("/api/v1/me", {"email": NEW, "password": PASSWORD})
    path = link_to(NEW)

    page = browser.get(path)
    assert INTRO.format(old=OLD, new=NEW) in text_of(page)
    assert User.objects.get().email == OLD  # scanners of mail follow links
    done = submit(browser, path)

    assert ADDRESS_SET in text_of(done)
    assert LOG_IN_WITH.format(address=NEW) in text_of(done)
    assert User.objects.get().email == NEW
    assert subjects_to(OLD)[-1] == "Your e-mail address was changed"
    assert NOT_VALID in text_of(browser.get(path))


def test_an_address_that_was_taken_meanwhile_is_refused(browser):
    path = f"/account/address/{new_address_token(writer.make(email=OLD), NEW)}"
    writer.make(email=NEW)

    answer = submit(browser, path)

    assert (answer.status_code, TAKEN_MEANWHILE in text_of(answer)) == (409, True)
    assert User.objects.filter(email=OLD).exists()


def test_an_address_is_shown_as_text(browser):
    token = new_address_token(writer.make(email=OLD), '"<b>x</b>"@example.com')

    page = browser.get(f"/account/address/{token}")

    assert '"&lt;b&gt;x&lt;/b&gt;"@example.com'.replace('"', "&quot;") in page.content.decode()
