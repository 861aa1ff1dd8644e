"""The page of an invitation."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.links import invitation_link
from accounts.models import Invitation, User
from accounts.pages.form_page import REFUSED
from accounts.pages.invitation import HAS_ACCOUNT, VERIFY_NEXT, WELCOME
from accounts.registration import EXPIRED, FORGED, USED, RegistrationClosed
from accounts.tests.baker_recipes import PASSWORD
from accounts.tests.doors import ADDRESS, invitation, login, path_of, register, the_user

pytestmark = pytest.mark.django_db
BOTH = {"new_password1": PASSWORD, "new_password2": PASSWORD}


@pytest.fixture(autouse=True)
def invite(settings):
    settings.REGISTRATION = "invite"


@pytest.fixture
def browser():
    """A browser whose forms are checked as in production."""
    return Client(enforce_csrf_checks=True)


def send(browser: Client, path: str, form: dict[str, str]):
    """Fill in the form of a page and send it."""
    browser.get(path)
    return browser.post(path, form | {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value})


def test_who_follows_the_link_chooses_a_password_and_has_an_account(api, browser):
    path = path_of(invitation_link(invitation().pk))
    page = browser.get(path)

    answer = send(browser, path, BOTH)

    assert ADDRESS in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert WELCOME in answer.content.decode()
    assert 'href="/docs"' in answer.content.decode()
    assert login(api).status_code == 200
    assert (the_user().is_self_registered, the_user().verified_at) == (False, None)
    assert set(browser.cookies) == {"csrftoken"}


def test_a_link_from_a_mail_verifies_the_address(browser, settings):
    settings.VERIFY_EMAIL = True

    answer = send(browser, path_of(invitation_link(invitation().pk, by_mail=True)), BOTH)

    assert VERIFY_NEXT not in answer.content.decode()
    assert the_user().verified_at is not None


def test_a_link_that_was_handed_over_leaves_a_mail_to_be_followed(browser, settings):
    settings.VERIFY_EMAIL = True

    assert VERIFY_NEXT in send(browser, path_of(invitation_link(invitation().pk)), BOTH).content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"new_password1": PASSWORD},
        BOTH | {"new_password2": "another-Phrase-18"},
        {"new_password1": "short", "new_password2": "short"},
        {"new_password1": ADDRESS, "new_password2": ADDRESS},
        {"new_password1": "x1" * 600, "new_password2": "x1" * 600},
    ],
)
def test_a_bad_password_leaves_the_page_open_and_the_invitation_pending(browser, form):
    path = path_of(invitation_link(invitation().pk))

    answer = send(browser, path, form)

    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    assert not User.objects.exists()
    assert send(browser, path, BOTH).status_code == 200


def test_a_form_of_another_site_creates_nothing(browser):
    answer = browser.post(path_of(invitation_link(invitation().pk)), BOTH)

    assert answer.status_code == 403
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("case", "status", "text"),
    [
        ("used", 403, USED),
        ("expired", 403, EXPIRED),
        ("revoked", 403, FORGED),
        ("forged", 403, FORGED),
        ("closed", 403, RegistrationClosed.detail),
        ("taken", 409, HAS_ACCOUNT),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_does_not_work_says_why(api, settings, case, status, text, method):
    row = invitation()
    path = path_of(invitation_link(row.pk)) + ("x" if case == "forged" else "")
    match case:
        case "used":
            register(api, invitation=invitation_link(row.pk))
        case "expired":
            Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        case "revoked":
            row.delete()
        case "closed":
            settings.REGISTRATION = "closed"
        case "taken":
            User.objects.create_user(ADDRESS)
    users = User.objects.count()

    answer = getattr(api, method)(path, BOTH)

    assert answer.status_code == status
    assert REFUSED in answer.content.decode()
    assert text in answer.content.decode()
    assert User.objects.count() == users


def test_the_page_has_styles_and_nothing_from_elsewhere(browser):
    policy = browser.get(path_of(invitation_link(invitation().pk)))["Content-Security-Policy"]

    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
