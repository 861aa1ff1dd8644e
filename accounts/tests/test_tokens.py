"""Refresh tokens: which ones are accepted, and that each is accepted once."""

import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User
from accounts.tests.baker_recipes import writer
from accounts.tokens import ALREADY_REFRESHED, EXPIRES_MAX, REFRESH_REFUSED, token_pair

pytestmark = pytest.mark.django_db


def encoded(claims: dict[str, Any]) -> str:
    """Sign any claims: `jwt.encode` refuses some of these."""
    return jwt.PyJWS().encode(json.dumps(claims).encode(), settings.SECRET_KEY, "HS256")


def claims_for(user: User) -> dict[str, Any]:
    """Return what an issued refresh token of `user` says."""
    return dict(RefreshToken.for_user(user).payload)


def refused(api: Any, token: str) -> list[str]:
    """Return the details with which refresh and logout reject a token."""
    answers = [api.post(f"/api/v1/{path}", {"refresh_token": token}) for path in ("refresh", "logout")]
    assert {answer.status_code for answer in answers} == {401}, [answer.content for answer in answers]
    assert {answer["Content-Type"] for answer in answers} == {"application/problem+json"}
    assert all(answer["WWW-Authenticate"].startswith("Bearer") for answer in answers)
    return [answer.json()["detail"] for answer in answers]


def test_expected_claims_are_accepted(api):
    token = encoded(claims_for(writer.make()) | {"exp": EXPIRES_MAX})

    assert api.post("/api/v1/refresh", {"refresh_token": token}).status_code == 200


@pytest.mark.parametrize(("seconds", "refresh", "access"), [(0, 200, 200), (2, 200, 200), (1800, 401, 401)])
def test_a_token_of_a_host_whose_clock_is_seconds_ahead_is_accepted(api, seconds, refresh, access):
    pair = RefreshToken.for_user(writer.make())

    def ahead(token: Any) -> str:
        claims = dict(token.payload)
        return encoded(claims | {"iat": claims["iat"] + seconds, "exp": claims["exp"] + seconds})

    me = api.get("/api/v1/me", headers={"Authorization": f"Bearer {ahead(pair.access_token)}"})
    assert me.status_code == access
    assert api.post("/api/v1/refresh", {"refresh_token": ahead(pair)}).status_code == refresh


UNEXPECTED_CLAIMS: list[dict[str, Any]] = [
    {"jti": None},
    {"jti": ""},
    {"jti": "a\x00b"},
    {"jti": "x" * 256},
    {"exp": None},
    {"exp": EXPIRES_MAX + 1},
    {"exp": 10**40},
    {"exp": "9999999999"},
    {"sub": None},
    {"sub": "bob"},
    {"sub": "9" * 5000},
    {"iss": 7},
    {"iss": "somebody else"},
]


@pytest.mark.parametrize("unexpected", UNEXPECTED_CLAIMS, ids=lambda claims: str(claims)[:30])
def test_unexpected_claims_are_rejected_despite_a_valid_signature(api, unexpected):
    claims = claims_for(writer.make()) | unexpected
    token = encoded({name: value for name, value in claims.items() if value is not None})

    assert refused(api, token) == [REFRESH_REFUSED, REFRESH_REFUSED]


def test_a_token_of_nobody_is_rejected(api):
    token = encoded(claims_for(writer.make()) | {"sub": "9" * 19})

    assert api.post("/api/v1/refresh", {"refresh_token": token}).status_code == 401


@pytest.mark.parametrize("other", [{"token_type": "access"}, {"exp": 1}], ids=["access token", "expired"])
def test_a_token_of_another_type_and_an_expired_one_are_rejected(api, other):
    token = encoded(claims_for(writer.make()) | other)

    assert refused(api, token) == [REFRESH_REFUSED, REFRESH_REFUSED]


def test_a_forged_token_is_rejected(api):
    token = jwt.encode(claims_for(writer.make()), "x" * 64, "HS256")

    assert refused(api, token) == [REFRESH_REFUSED, REFRESH_REFUSED]


@pytest.mark.parametrize("path", ["refresh", "logout"])
def test_a_token_is_valid_once_and_other_tokens_stay_valid(api, path):
    user = writer.make()
    mine, mine_too, theirs = (token_pair(of)["refresh_token"] for of in (user, user, writer.make()))

    assert api.post(f"/api/v1/{path}", {"refresh_token": mine}).status_code in (200, 204)

    assert refused(api, mine) == [REFRESH_REFUSED, REFRESH_REFUSED]
    for other in (mine_too, theirs):
        assert api.post("/api/v1/refresh", {"refresh_token": other}).status_code == 200


def overtaken_by(other: RefreshToken) -> Callable[..., Any]:
    """Return a wrapper for statements: once this token was checked, another request revokes it first."""
    waiting = [other]

    def wrapper(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if 'FROM "token_blacklist_outstandingtoken"' in sql and waiting:
            waiting.pop().blacklist()
        return execute(sql, *args)

    return wrapper


@pytest.mark.parametrize("path", ["refresh", "logout"])
def test_of_two_requests_with_one_token_the_second_is_rejected_even_after_its_check(api, path):
    token = RefreshToken.for_user(writer.make())

    with connection.execute_wrapper(overtaken_by(token)):
        answer = api.post(f"/api/v1/{path}", {"refresh_token": str(token)})

    assert (answer.status_code, answer.json()["detail"]) == (401, ALREADY_REFRESHED)


def test_a_new_pair_belongs_to_the_same_user_and_says_when_it_expires(api):
    user, _ = writer.make(), writer.make()
    first = token_pair(user)

    second = api.post("/api/v1/refresh", {"refresh_token": first["refresh_token"]}).json()

    assert set(second) == set(first) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert second["refresh_token"] != first["refresh_token"]
    claims = jwt.decode(second["access_token"], options={"verify_signature": False})
    assert claims["sub"] == str(user.pk)
    assert claims["exp"] - timezone.now().timestamp() == pytest.approx(second["expires_in"], abs=60)
