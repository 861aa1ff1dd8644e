"""The page that verifies an address."""

import pytest

from accounts.links import verification_link
from accounts.models import User
from accounts.pages.verification import DONE, EXPIRED, NOT_THIS_ONE
from accounts.tests.baker_recipes import PASSWORD
from accounts.tests.doors import ADDRESS, path_of, register, the_user

pytestmark = pytest.mark.django_db
ATTACKERS = "an-attackers-Phrase-18"


@pytest.fixture(autouse=True)
def verify_email(settings):
    settings.VERIFY_EMAIL = True


def page_of(user: User) -> str:
    return path_of(verification_link(user.pk, user.email))


def test_the_link_and_the_password_verify_an_address(api, client):
    register(api)
    path = page_of(the_user())

    page = client.get(path).content.decode()
    assert ADDRESS in page
    assert the_user().verified_at is None  # a mail scanner follows links, too
    answer = client.post(path, {"password": PASSWORD})

    assert DONE in answer.content.decode()
    assert the_user().verified_at is not None
    assert DONE in client.get(path).content.decode()


@pytest.mark.parametrize("password", [PASSWORD, "", "x" * 2000])
def test_the_owners_click_verifies_no_account_whose_password_the_owner_does_not_know(api, client, password):
    register(api, password=ATTACKERS)

    answer = client.post(page_of(the_user()), {"password": password})

    assert answer.status_code == 400
    assert (NOT_THIS_ONE[:30] in answer.content.decode().replace("&#x27;", "'")) == bool(password)
    assert the_user().verified_at is None


def test_an_attacker_who_registers_in_between_gains_nothing_by_the_owners_click(api, client):
    register(api)
    owners_mail = page_of(the_user())
    register(api, password=ATTACKERS)

    first = client.post(owners_mail, {"password": PASSWORD})
    second = client.post(page_of(the_user()), {"password": PASSWORD})

    assert (first.status_code, second.status_code) == (403, 400)
    assert the_user().verified_at is None


@pytest.mark.parametrize("case", ["forged", "deleted", "inactive", "another address"])
def test_a_link_that_does_not_work_says_what_to_do(api, client, case):
    register(api)
    path = page_of(the_user()) + ("x" if case == "forged" else "")
    match case:
        case "deleted":
            the_user().delete()
        case "inactive":
            User.objects.update(is_active=False)
        case "another address":
            User.objects.update(email="new@example.com")

    answer = client.post(path, {"password": PASSWORD})

    assert answer.status_code == 403
    assert EXPIRED in answer.content.decode()
    assert not User.objects.exclude(verified_at=None).exists()


def test_a_delay_leads_back_to_the_page(api, client):
    register(api)
    path = page_of(the_user())

    while (answer := client.post(path, {"password": ATTACKERS})).status_code == 400:
        pass

    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)
    assert f'<a class="button" href="{path}">' in answer.content.decode()
    assert "<title>Error: " in answer.content.decode()
