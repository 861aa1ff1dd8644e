"""Tokens: which claims are accepted."""

import json
from typing import Any

import jwt
import pytest
from django.conf import settings
from rest_framework.test import APIClient

from accounts.authentication import ACCESS_REFUSED
from accounts.models import User
from accounts.tests.baker_recipes import writer
from accounts.tokens import EXPIRES_MAX, REFRESH_REFUSED, token_pair

pytestmark = pytest.mark.django_db


def encoded(claims: dict[str, Any]) -> str:
    """Sign any claims: `jwt.encode` refuses some of these."""
    return jwt.PyJWS().encode(json.dumps(claims).encode(), settings.SECRET_KEY, "HS256")


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def claims_for(user: User, kind: str = "refresh") -> dict[str, Any]:
    """Return what an issued token of `user` says."""
    return claims_of(token_pair(user)[f"{kind}_token"])


def refresh(token: str) -> Any:
    return APIClient().post("/api/v1/refresh", {"refresh_token": token})


def me(token: str) -> Any:
    return APIClient().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})


def refused(token: str, *paths: str) -> list[str]:
    """Return the details with which refresh and logout reject a token."""
    answers = [APIClient().post(f"/api/v1/{path}", {"refresh_token": token}) for path in paths or ("refresh", "logout")]
    assert {answer.status_code for answer in answers} == {401}, [answer.content for answer in answers]
    assert {answer["Content-Type"] for answer in answers} == {"application/problem+json"}
    assert all(answer["WWW-Authenticate"].startswith("Bearer") for answer in answers)
    return [answer.json()["detail"] for answer in answers]


def test_expected_claims_are_accepted():
    token = encoded(claims_for(writer.make()) | {"exp": EXPIRES_MAX})

    assert refresh(token).status_code == 200


@pytest.mark.parametrize(("seconds", "code"), [(0, 200), (25, 200), (1800, 401)])
def test_a_token_of_a_host_whose_clock_is_seconds_ahead_is_accepted(seconds, code):
    pair = token_pair(writer.make())

    def ahead(token: str) -> str:
        claims = claims_of(token)
        return encoded(claims | {"iat": claims["iat"] + seconds, "exp": claims["exp"] + seconds})

    assert me(ahead(pair["access_token"])).status_code == code
    assert refresh(ahead(pair["refresh_token"])).status_code == code


UNEXPECTED_CLAIMS: list[dict[str, Any]] = [
    {"jti": None},
    {"jti": ""},
    {"jti": "a\x00b"},
    {"jti": "x" * 256},
    {"jti": "0" * 33},
    {"sid": None},
    {"sid": 7},
    {"sid": "a\x00b"},
    {"sid": "not one of ours, but of the same"},
    {"stamp": None},
    {"stamp": ["0" * 32]},
    {"stamp": "é" * 32},
    {"exp": None},
    {"exp": EXPIRES_MAX + 1},
    {"exp": 10**40},
    {"exp": -(10**40)},
    {"exp": float("inf")},
    {"iat": float("inf")},
    {"exp": "9999999999"},
    {"sub": None},
    {"sub": "bob"},
    {"sub": "9" * 19},
    {"sub": "9" * 5000},
    {"iss": 7},
    {"iss": "somebody else"},
]


@pytest.mark.parametrize("unexpected", UNEXPECTED_CLAIMS, ids=lambda claims: str(claims)[:30])
def test_unexpected_claims_are_rejected_despite_a_valid_signature(unexpected):
    user = writer.make()

    def odd(kind: str) -> str:
        claims = claims_for(user, kind) | unexpected
        return encoded({name: value for name, value in claims.items() if value is not None})

    assert refused(odd("refresh")) == [REFRESH_REFUSED, REFRESH_REFUSED]
    answer = me(odd("access"))
    assert (answer.status_code, answer.json()["detail"]) == (401, ACCESS_REFUSED)


def test_a_token_of_another_user_than_its_login_is_rejected():
    claims = claims_for(writer.make())

    assert refused(encoded(claims | {"sub": str(writer.make().pk)}), "refresh") == [REFRESH_REFUSED]
    assert refresh(encoded(claims)).status_code == 200


def test_a_token_of_another_type_is_rejected():
    token = encoded(claims_for(writer.make()) | {"token_type": "access"})

    assert refused(token) == [REFRESH_REFUSED, REFRESH_REFUSED]


def test_a_forged_token_is_rejected_and_ends_nothing():
    pair = token_pair(writer.make())
    forged = jwt.encode(claims_of(pair["refresh_token"]), "x" * 64, "HS256")

    assert refused(forged) == [REFRESH_REFUSED, REFRESH_REFUSED]
    assert refresh(pair["refresh_token"]).status_code == 200


def test_an_expired_token_is_rejected_and_logs_out():
    pair = token_pair(writer.make())
    expired = encoded(claims_of(pair["refresh_token"]) | {"exp": 1})

    assert refused(expired, "refresh") == [REFRESH_REFUSED]
    assert APIClient().post("/api/v1/logout", {"refresh_token": expired}).status_code == 204
    assert refused(pair["refresh_token"], "refresh") == [REFRESH_REFUSED]
