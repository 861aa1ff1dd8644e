"""Limits by network, at every door that takes a password or a link's token, or posts mail."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.attempts import ACCOUNT
from accounts.counts import TOO_MANY_REQUESTS
from accounts.links import invitation_link, new_address_token, password_reset_token, verification_link
from accounts.models import OutgoingMail, User
from accounts.tests.baker_recipes import PASSWORD, editor, writer
from accounts.tests.counting import Clock
from accounts.tests.doors import invitation, login, path_of

pytestmark = pytest.mark.django_db
NEW = "snow-on-the-Daffodils-3"
EVE = "eve@example.com"
ELSEWHERE = "203.0.113.7"


@pytest.fixture
def bob() -> User:
    user: User = editor.make(email="bob@example.com")
    return user


@pytest.fixture(autouse=True)
def once(settings):
    settings.THROTTLES = settings.THROTTLES | dict.fromkeys(("register", "login", "mail"), (1, 86_400))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "password/reset", {"email": "nobody@example.com"}),
        ("post", "password/reset/confirm", {"token": "1-x", "password": NEW}),
        ("post", "me/email/confirm", {"token": "x"}),
        ("post", "verify", {"token": "x"}),
        ("post", "verify/resend", {}),
        ("post", "password/change", {"current_password": PASSWORD, "password": "short"}),
        ("patch", "me", {"email": "bob@example.com", "password": PASSWORD}),
        ("delete", "me", {}),
    ],
)
def test_what_posts_mail_or_takes_a_secret_is_limited_by_network(as_user, bob, method, path, body):
    client = as_user(bob)

    first, second = (getattr(client, method)(f"/api/v1/{path}", body) for _ in range(2))

    assert first.status_code != 429
    assert (second.status_code, second.json()["type"]) == (429, "/problems/too-many-requests")
    assert 0 < int(second["Retry-After"]) <= 86_400
    assert getattr(client, method)(f"/api/v1/{path}", body, REMOTE_ADDR=ELSEWHERE).status_code != 429
    assert client.get("/api/v1/me").status_code == 200


def test_of_addresses_that_may_be_taken_no_more_are_said_than_mails_are_sent(as_user, bob):
    writer.make(email=EVE)
    client = as_user(bob)

    codes = [client.patch("/api/v1/me", {"email": EVE, "password": PASSWORD}).status_code for _ in range(3)]

    assert codes == [400, 429, 429]


def pages(user: User) -> dict[str, tuple[str, dict[str, str]]]:
    passwords = {"new_password1": "short", "new_password2": "short"}
    return {
        "forgotten": ("/account/password/forgotten", {"email": "nobody@example.com"}),
        "reset": (f"/account/password/reset/{password_reset_token(user)}", passwords),
        "address": (f"/account/address/{new_address_token(user, EVE)}x", {}),
        "invitation": (path_of(invitation_link(invitation(EVE).pk)), passwords),
        "verify": (path_of(verification_link(user.pk, user.email)), {"password": "wrong"}),
    }


@pytest.mark.parametrize("name", ["forgotten", "reset", "address", "invitation", "verify"])
def test_pages_are_limited_by_network_too(bob, name):
    path, form = pages(bob)[name]

    first, second = (Client().post(path, form) for _ in range(2))

    assert first.status_code != 429
    assert second.status_code == 429
    assert TOO_MANY_REQUESTS in second.content.decode()
    assert 0 < int(second["Retry-After"]) <= 86_400
    assert Client().post(path, form, REMOTE_ADDR=ELSEWHERE).status_code == first.status_code
    assert Client().get(path).status_code != 429


def test_a_page_and_the_api_count_together(bob):
    assert APIClient().post("/api/v1/password/reset", {"email": bob.email}).status_code == 202

    assert Client().post("/account/password/forgotten", {"email": bob.email}).status_code == 429
    assert OutgoingMail.objects.count() == 1


def test_right_passwords_in_the_admin_are_limited_as_in_the_api(bob):
    def log_in() -> Any:
        return Client().post("/admin/login/?next=/admin/", {"username": bob.email, "password": PASSWORD})

    assert log_in().status_code == 302

    refused = log_in()

    assert refused.status_code == 429
    assert TOO_MANY_REQUESTS in refused.content.decode()
    assert login(APIClient(), bob.email).status_code == 429


@pytest.mark.parametrize("door", ["page", "api"])
def test_who_resets_a_password_during_an_attack_is_let_in_from_the_same_network(bob, settings, monkeypatch, door):
    Clock(monkeypatch)
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES)
    for _ in range(ACCOUNT.free + 1):
        login(APIClient(), bob.email, "wrong")
    assert login(APIClient(), bob.email).status_code == 429

    token = password_reset_token(bob)
    if door == "page":
        Client().post(f"/account/password/reset/{token}", {"new_password1": NEW, "new_password2": NEW})
    else:
        APIClient().post("/api/v1/password/reset/confirm", {"token": token, "password": NEW})

    assert login(APIClient(), bob.email, NEW).status_code == 200
    assert login(APIClient(REMOTE_ADDR=ELSEWHERE), bob.email, NEW).status_code == 429
