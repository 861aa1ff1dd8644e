"""Login, refresh and logout over HTTP."""

from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.api.login import BAD_CREDENTIALS
from accounts.hashers import OwaspArgon2PasswordHasher
from accounts.models import User
from accounts.tests.baker_recipes import PASSWORD, writer

pytestmark = pytest.mark.django_db


def login(api: APIClient, email: str, password: str = PASSWORD) -> Any:
    answer = api.post("/api/v1/login", {"email": email, "password": password})
    assert answer.status_code == 200, answer.content
    return answer.json()


def with_token(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def test_login_with_json_gives_a_bearer_token_with_the_user_id_as_a_string(api):
    user = writer.make(email="bob@example.com")

    tokens = login(api, "Bob@Example.com")

    assert tokens["token_type"] == "bearer"
    assert tokens["expires_in"] == 30 * 60
    assert jwt.decode(tokens["access_token"], options={"verify_signature": False})["sub"] == str(user.pk)
    assert with_token(tokens["access_token"]).get("/api/v1/me").json()["email"] == "bob@example.com"


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart"])
def test_login_with_the_form_of_oauth2_clients(api, content_type):
    writer.make(email="bob@example.com")
    form = {"grant_type": "password", "username": "bob@example.com", "password": PASSWORD}

    if content_type == "multipart":
        answer = api.post("/api/v1/login", form, format="multipart")
    else:
        body = "&".join(f"{name}={value}" for name, value in form.items())
        answer = api.post("/api/v1/login", body, content_type=content_type)

    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "token_type", "expires_in", "refresh_token"}


def test_wrong_unknown_and_inactive_get_the_same_answer(api):
    writer.make(email="bob@example.com")
    writer.make(email="gone@example.com", is_active=False)

    answers = [
        api.post("/api/v1/login", {"email": email, "password": password})
        for email, password in [
            ("bob@example.com", "wrong"),
            ("nobody@example.com", PASSWORD),
            ("gone@example.com", PASSWORD),
        ]
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert len({str(answer.json() | {"request_id": ""}) for answer in answers}) == 1
    assert answers[0].json()["detail"] == BAD_CREDENTIALS
    assert answers[0]["WWW-Authenticate"].startswith("Bearer")


class CountingHasher(OwaspArgon2PasswordHasher):
    """Counts its hashes."""

    count = 0

    def encode(self, password, salt):
        type(self).count += 1
        return super().encode(password, salt)

    def verify(self, password, encoded):
        type(self).count += 1
        return super().verify(password, encoded)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("bob@example.com", PASSWORD),
        ("bob@example.com", "wrong"),
        ("nobody@example.com", PASSWORD),
        ("gone@example.com", PASSWORD),
    ],
)
def test_every_login_costs_one_hash_whoever_it_is_for(api, settings, email, password):
    writer.make(email="bob@example.com")
    writer.make(email="gone@example.com", is_active=False)
    settings.PASSWORD_HASHERS = ["accounts.tests.api.test_login.CountingHasher"]
    CountingHasher.count = 0

    api.post("/api/v1/login", {"email": email, "password": password})

    assert CountingHasher.count == 1


def test_login_without_an_address_says_so(api):
    answer = api.post("/api/v1/login", {"password": PASSWORD})

    assert (answer.status_code, answer.json()["errors"]) == (400, {"email": ["This field is required."]})


def test_a_refresh_token_works_once_and_its_successor_until_it_is_used_again(api):
    writer.make(email="bob@example.com")
    first = login(api, "bob@example.com")

    second = api.post("/api/v1/refresh", {"refresh_token": first["refresh_token"]})
    third = api.post("/api/v1/refresh", {"refresh_token": second.json()["refresh_token"]})
    again = api.post("/api/v1/refresh", {"refresh_token": first["refresh_token"]})

    assert (second.status_code, third.status_code, again.status_code) == (200, 200, 401)
    assert with_token(third.json()["access_token"]).get("/api/v1/me").status_code == 200
    assert api.post("/api/v1/refresh", {"refresh_token": third.json()["refresh_token"]}).status_code == 401


@pytest.mark.parametrize("which", ["newest", "spent"])
def test_logout_ends_the_login_once_and_for_all(api, which):
    writer.make(email="bob@example.com")
    tokens, other = login(api, "bob@example.com"), login(api, "bob@example.com")
    newest = api.post("/api/v1/refresh", {"refresh_token": tokens["refresh_token"]}).json()
    token = {"newest": newest, "spent": tokens}[which]["refresh_token"]

    assert [api.post("/api/v1/logout", {"refresh_token": token}).status_code for _ in range(2)] == [204, 204]

    assert api.post("/api/v1/refresh", {"refresh_token": newest["refresh_token"]}).status_code == 401
    assert api.post("/api/v1/refresh", {"refresh_token": other["refresh_token"]}).status_code == 200


@pytest.mark.parametrize("token", ["", "a.b.c", "not-a-token", "eyJhbGciOiJub25lIn0.e30."])
def test_logout_with_what_is_no_token_is_refused(api, token):
    answer = api.post("/api/v1/logout", {"refresh_token": token})

    assert answer.status_code == (401 if token else 400)


def test_log_out_everywhere_ends_tokens_and_sessions_of_the_admin(api, editor_client):
    editor = User.objects.get()
    bystander = writer.make(email="bob@example.com")
    here, there = login(api, editor.email), login(api, editor.email)
    theirs = login(api, bystander.email)
    assert editor_client.get("/admin/").status_code == 200

    answer = with_token(here["access_token"]).post("/api/v1/logout/everywhere")

    assert (answer.status_code, answer.content) == (204, b"")
    for tokens in (here, there):
        assert with_token(tokens["access_token"]).get("/api/v1/me").status_code == 401
        assert api.post("/api/v1/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401
    assert editor_client.get("/admin/").status_code == 302
    assert with_token(theirs["access_token"]).get("/api/v1/me").status_code == 200
    assert login(api, editor.email)


def test_logging_out_everywhere_needs_an_access_token(api):
    writer.make(email="bob@example.com")
    tokens = login(api, "bob@example.com")

    assert api.post("/api/v1/logout/everywhere").status_code == 401
    assert with_token(tokens["refresh_token"]).post("/api/v1/logout/everywhere").status_code == 401
    assert with_token(tokens["access_token"]).get("/api/v1/me").status_code == 200


def test_no_cache_keeps_tokens_nor_what_is_about_one_person(api):
    writer.make(email="bob@example.com")
    answer = api.post("/api/v1/login", {"email": "bob@example.com", "password": PASSWORD})
    tokens = answer.json()
    answers = [
        answer,
        api.post("/api/v1/refresh", {"refresh_token": tokens["refresh_token"]}),
        api.post("/api/v1/refresh", {"refresh_token": tokens["refresh_token"]}),
        with_token(tokens["access_token"]).get("/api/v1/me"),
        api.get("/api/v1/me"),
        api.post("/api/v1/register", {"email": "new@example.com", "password": PASSWORD}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 401, 200, 401, 201]
    assert {answer["Cache-Control"] for answer in answers} == {"no-store"}


@pytest.mark.django_db(transaction=True)
def test_an_account_that_is_deleted_while_its_password_is_checked_is_not_logged_in(api):
    user = writer.make(email="bob@example.com")

    def delete_first(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith("INSERT") and "loginsession" in sql:
            user.delete()
        return execute(sql, *args)

    with connection.execute_wrapper(delete_first):
        answer = api.post("/api/v1/login", {"email": "bob@example.com", "password": PASSWORD})

    assert (answer.status_code, answer.json()["detail"]) == (401, BAD_CREDENTIALS)


@pytest.mark.parametrize("what", ["deleted", "inactive", "new password"])
def test_tokens_end_with_their_user(api, what):
    user = writer.make(email="bob@example.com")
    tokens = login(api, "bob@example.com")
    if what == "deleted":
        user.delete()
    elif what == "inactive":
        User.objects.update(is_active=False)
    else:
        user.set_password("another-Pass-phrase-18")
        user.save()

    assert with_token(tokens["access_token"]).get("/api/v1/me").status_code == 401
    assert api.post("/api/v1/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401
