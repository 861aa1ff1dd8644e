"""Access tokens in the header of a request."""

from datetime import timedelta

import jwt
import pytest
from django.conf import settings
from django.utils import timezone

from accounts.authentication import ACCESS_REFUSED
from accounts.models import User
from accounts.tests.api.test_login import with_token
from accounts.tests.baker_recipes import writer
from accounts.tokens import token_pair

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_scheme_is_taken_in_any_case(api, scheme):
    token = token_pair(writer.make())["access_token"]

    assert api.get("/api/v1/me", headers={"Authorization": f"{scheme} {token}"}).status_code == 200


@pytest.mark.parametrize("scheme", ["Basic", "Bearer-Token", "Token bearer", ""])
def test_another_scheme_is_refused(api, scheme):
    token = token_pair(writer.make())["access_token"]

    assert api.get("/api/v1/me", headers={"Authorization": f"{scheme} {token}"}).status_code == 401


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
