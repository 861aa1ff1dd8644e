"""Registration, login, refresh and logout over HTTP."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.api.views import BAD_CREDENTIALS
from accounts.authentication import ACCESS_REFUSED
from accounts.hashers import OwaspArgon2PasswordHasher
from accounts.models import User
from accounts.registration import TAKEN
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


def test_registration_answers_with_message_id_and_email(api):
    answer = api.post("/api/v1/register", {"email": "New.Writer@Example.com", "password": PASSWORD})

    user = User.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "message": "User registered successfully.",
        "id": user.pk,
        "email": "new.writer@example.com",
    }


def test_a_registered_password_is_kept_as_argon2id_at_the_owasp_minimum(api):
    api.post("/api/v1/register", {"email": "new@example.com", "password": PASSWORD})

    assert User.objects.get().password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_an_address_is_taken_in_any_case(api):
    writer.make(email="bob@example.com")

    answer = api.post("/api/v1/register", {"email": "BOB@Example.COM", "password": PASSWORD})

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"email": [TAKEN]}
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "not an address", "password": PASSWORD}, "email"),
        ({"email": "a\x00@example.com", "password": PASSWORD}, "email"),
        ({"password": PASSWORD}, "email"),
        ({"email": "new@example.com"}, "password"),
        ({"email": "new@example.com", "password": "short"}, "password"),
        ({"email": "new@example.com", "password": "12345678901"}, "password"),
        ({"email": "new.writer@example.com", "password": "new.writer"}, "password"),
        ({"email": "new@example.com", "password": "x1" * 600}, "password"),
    ],
)
def test_a_bad_registration_names_the_field_and_creates_no_user(api, body, field):
    answer = api.post("/api/v1/register", body)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(f"{field}: ")
    assert list(answer.json()["errors"]) == [field]
    assert not User.objects.exists()


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
    settings.PASSWORD_HASHERS = ["accounts.tests.api.test_views.CountingHasher"]
    CountingHasher.count = 0

    api.post("/api/v1/login", {"email": email, "password": password})

    assert CountingHasher.count == 1


def test_login_without_an_address_says_so(api):
    answer = api.post("/api/v1/login", {"password": PASSWORD})

    assert (answer.status_code, answer.json()["errors"]) == (400, {"email": ["This field is required."]})


def test_a_refresh_token_works_once(api):
    writer.make(email="bob@example.com")
    first = login(api, "bob@example.com")

    second = api.post("/api/v1/refresh", {"refresh_token": first["refresh_token"]})
    again = api.post("/api/v1/refresh", {"refresh_token": first["refresh_token"]})

    assert second.status_code == 200
    assert with_token(second.json()["access_token"]).get("/api/v1/me").status_code == 200
    assert again.status_code == 401
    assert api.post("/api/v1/refresh", {"refresh_token": second.json()["refresh_token"]}).status_code == 200


def test_logout_revokes_the_refresh_token(api):
    writer.make(email="bob@example.com")
    tokens = login(api, "bob@example.com")

    assert api.post("/api/v1/logout", {"refresh_token": tokens["refresh_token"]}).status_code == 204
    assert api.post("/api/v1/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401


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


def forged(user: User, key: str = "x" * 64, algorithm: str = "HS256", lifetime: int = 5, kind: str = "access") -> str:
    expires = timezone.now() + timedelta(minutes=lifetime)
    claims = {"sub": str(user.pk), "token_type": kind, "exp": expires, "jti": "1"}
    return jwt.encode(claims, None if algorithm == "none" else key, algorithm=algorithm)


def test_all_invalid_access_tokens_get_the_same_answer():
    user = writer.make()
    tokens = [
        forged(user),
        forged(user, algorithm="none"),
        forged(user, key=settings.SECRET_KEY, lifetime=-1),
        forged(user, key=settings.SECRET_KEY, kind="refresh"),
        "a.b.c",
        "not-a-token",
        "\xff",
        "two words",
    ]
    for token in tokens:
        answer = with_token(token).get("/api/v1/me")

        assert answer.status_code == 401, token
        assert answer.json()["detail"] == ACCESS_REFUSED


def test_without_a_token_the_answer_says_how_to_send_one(api):
    answer = api.get("/api/v1/me")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"
