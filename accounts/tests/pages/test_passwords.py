"""The pages for a forgotten password, as a browser without scripts uses them."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.links import NOT_VALID, password_reset_token
from accounts.models import OutgoingMail, User
from accounts.new_passwords import MAIL_SENT
from accounts.pages.passwords import CHECK_YOUR_MAIL, LOG_IN_AGAIN, PASSWORD_SET
from accounts.tests.baker_recipes import PASSWORD, editor, writer
from accounts.tests.mail.mailbox import link_to, subjects_to
from blogsite.testing.browsers import logged_in

pytestmark = pytest.mark.django_db
FORGOTTEN = "/account/password/forgotten"
NEW = "snow-on-the-Daffodils-3"


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def submit(browser: Client, path: str, **values: str) -> Any:
    """Open a page, and submit its form as a browser does."""
    page = browser.get(path).content.decode()
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    return browser.post(path, {"csrfmiddlewaretoken": token, **values}, headers={"Origin": "http://testserver"})


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def new_password(browser: Client, path: str, one: str = NEW, other: str = NEW) -> Any:
    return submit(browser, path, new_password1=one, new_password2=other)


def test_a_forgotten_password_is_reset_from_the_admins_login_page(browser):
    user = editor.make(email="bob@example.com", verified_at=None)
    elsewhere = logged_in(user)
    login = browser.get("/admin/login/").content.decode()
    assert f'<a href="{FORGOTTEN}">' in login

    asked = submit(browser, FORGOTTEN, email="Bob@example.com")
    path = link_to("bob@example.com")
    done = new_password(browser, path)

    assert CHECK_YOUR_MAIL in text_of(asked)
    assert PASSWORD_SET in text_of(done)
    assert LOG_IN_AGAIN in text_of(done)
    assert 'href="/admin/"' in done.content.decode()
    assert elsewhere.get("/admin/").status_code == 302
    assert User.objects.get().check_password(NEW)
    assert User.objects.get().verified_at is not None
    assert subjects_to("bob@example.com")[-1] == "Your password was changed"


def test_those_who_may_not_log_in_to_the_admin_are_not_sent_there(browser):
    done = new_password(browser, f"/account/password/reset/{password_reset_token(writer.make())}")

    assert PASSWORD_SET in text_of(done)
    assert "/admin/" not in done.content.decode()


def test_the_page_says_the_same_for_an_address_that_nobody_has(browser):
    writer.make(email="bob@example.com")
    known, unknown = (submit(browser, FORGOTTEN, email=f"{name}@example.com") for name in ("bob", "nobody"))

    assert known.content == unknown.content
    assert MAIL_SENT in text_of(known)


@pytest.mark.parametrize("email", ["", "bob", "x" * 250 + "@example.com"])
def test_what_is_no_address_is_named_next_to_its_field(browser, email):
    answer = submit(browser, FORGOTTEN, email=email)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "<title>Error: " in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_email_error"' in page
    assert 'id="id_email_error"' in page
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("one", "other", "field", "message"),
    [
        (NEW, "another", "new_password2", "didn’t match"),
        ("12345678", "12345678", "new_password1", "entirely numeric"),
        ("x1" * 600, "x1" * 600, "new_password1", "at most 1024"),
        ("", "", "new_password1", "required"),
    ],
)
def test_a_bad_password_is_named_next_to_its_field_and_the_link_stays(browser, one, other, field, message):
    user = writer.make()
    path = f"/account/password/reset/{password_reset_token(user)}"

    answer = new_password(browser, path, one, other)

    assert message in text_of(answer)
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert one not in answer.content.decode() or not one
    assert User.objects.get().check_password(PASSWORD)
    assert PASSWORD_SET in text_of(new_password(browser, path))


def test_a_link_that_does_not_work_says_so_whatever_is_wrong(browser):
    user = writer.make()
    used = f"/account/password/reset/{password_reset_token(user)}"
    new_password(browser, used)
    gone = writer.make(is_active=False)
    paths = [used, "/account/password/reset/7-x-y", f"/account/password/reset/{password_reset_token(gone)}"]

    answers = [browser.get(path) for path in paths]

    assert {answer.status_code for answer in answers} == {400}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert NOT_VALID in text_of(answers[0])
    assert FORGOTTEN in answers[0].content.decode()


def test_a_form_from_another_site_changes_nothing(browser):
    user = writer.make()
    path = f"/account/password/reset/{password_reset_token(user)}"
    values = {"new_password1": NEW, "new_password2": NEW}

    assert browser.post(path, values).status_code == 403
    assert browser.post(path, values, headers={"Origin": "https://evil.example.com"}).status_code == 403
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("path", [FORGOTTEN, "/account/password/reset/7-x-y", "/account/address/x", "reset"])
def test_pages_keep_their_address_secret_and_run_only_our_files(browser, path):
    path = f"/account/password/reset/{password_reset_token(writer.make())}" if path == "reset" else path

    answer = browser.get(path)

    assert answer["Content-Security-Policy"] == browser.get("/admin/login/")["Content-Security-Policy"]
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("strict-origin", "no-store")
    assert "sessionid" not in answer.cookies
    page = answer.content.decode()
    assert " style=" not in page
    assert "<script" not in page
    assert "noindex" in page


def test_the_look_asks_no_other_host():
    style = finders.find("accounts/page.css")

    text = Path(str(style)).read_text()
    assert "url(" not in text
    assert "@import" not in text


def test_a_link_is_not_in_the_log(browser, capfd):
    token = password_reset_token(writer.make())
    path = f"/account/password/reset/{token}"

    new_password(browser, path, "12345678", "12345678")
    browser.post(path)  # without a CSRF token, which Django logs

    log = capfd.readouterr().err
    assert (log.count("method=POST"), log.count("Forbidden")) == (2, 1)
    assert token not in log


def test_an_address_that_grows_too_long_in_its_normal_form_is_refused(browser):
    answer = submit(browser, FORGOTTEN, email=f"{'İ' * 240}@example.com")

    assert answer.status_code == 400
    assert not OutgoingMail.objects.exists()
