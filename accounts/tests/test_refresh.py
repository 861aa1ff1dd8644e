"""Refresh: each token works once, and when a login ends."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import LoginSession, User
from accounts.tests.baker_recipes import PASSWORD, writer
from accounts.tests.test_tokens import claims_of, me, refresh, refused
from accounts.tokens import ALREADY_REFRESHED, REFRESH_REFUSED, SESSION_LIFETIME, token_pair

pytestmark = pytest.mark.django_db


def test_a_spent_token_ends_its_family_and_no_other(caplog):
    user = writer.make()
    spent, mine_too, theirs = (token_pair(of)["refresh_token"] for of in (user, user, writer.make()))
    newest = refresh(refresh(spent).json()["refresh_token"]).json()["refresh_token"]

    assert refused(spent, "refresh") == [ALREADY_REFRESHED]

    assert refused(newest, "refresh") == [REFRESH_REFUSED]
    assert refused(spent, "refresh") == [REFRESH_REFUSED]
    assert refresh(mine_too).status_code == refresh(theirs).status_code == 200
    assert f"user {user.pk}" in caplog.text


def overtaken_by(token: str) -> Callable[..., Any]:
    """Return a wrapper for statements: once this token was looked up, another request uses it first."""
    waiting = [token]

    def wrapper(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        result = execute(sql, *args)
        if sql.startswith("SELECT") and "accounts_loginsession" in sql and waiting:
            assert refresh(waiting.pop()).status_code == 200
        return result

    return wrapper


def test_of_two_requests_with_one_token_the_second_is_rejected_even_after_its_look_up():
    token = token_pair(writer.make())["refresh_token"]

    with connection.execute_wrapper(overtaken_by(token)):
        assert refused(token, "refresh") == [ALREADY_REFRESHED]


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_at_once_with_one_token_one_succeeds():
    token = token_pair(writer.make())["refresh_token"]
    start = Barrier(6)

    def racer(_: int) -> int:
        try:
            start.wait()
            return int(refresh(token).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        codes = sorted(threads.map(racer, range(6)))

    assert codes == [200, 401, 401, 401, 401, 401]
    assert not LoginSession.objects.exists()


def test_each_token_lasts_two_weeks_and_no_longer_than_the_login():
    first = token_pair(writer.make())["refresh_token"]
    login = LoginSession.objects.get()

    assert login.expires_at - login.created_at == pytest.approx(SESSION_LIFETIME, abs=timedelta(minutes=1))
    assert claims_of(first)["exp"] - login.created_at.timestamp() == pytest.approx(14 * 86_400, abs=60)

    soon = timezone.now() + timedelta(days=1)
    LoginSession.objects.update(expires_at=soon)
    second = refresh(first).json()["refresh_token"]
    assert claims_of(second)["exp"] == int(soon.timestamp())

    LoginSession.objects.update(expires_at=timezone.now())
    assert refused(second, "refresh") == [REFRESH_REFUSED]


def test_no_token_is_stored():
    pair = token_pair(writer.make())

    [row] = LoginSession.objects.values()

    stored = " ".join(map(str, row.values()))
    assert row["token_id"] == claims_of(pair["refresh_token"])["jti"]
    for token in (pair["access_token"], pair["refresh_token"]):
        assert not any(part in stored for part in token.split("."))


@pytest.mark.parametrize("what", ["a new password", "log out everywhere"])
def test_all_tokens_of_a_user_end_at_once(what):
    user, other = writer.make(), writer.make()
    pairs = [token_pair(user), token_pair(user)]
    theirs = token_pair(other)

    if what == "a new password":
        user.set_password("another-Pass-phrase-18")
        user.save()
    else:
        user.log_out_everywhere()

    for pair in pairs:
        assert me(pair["access_token"]).status_code == 401
        assert refused(pair["refresh_token"], "refresh") == [REFRESH_REFUSED]
    assert me(theirs["access_token"]).status_code == refresh(theirs["refresh_token"]).status_code == 200
    assert me(token_pair(user)["access_token"]).status_code == 200


def test_a_user_who_is_active_again_goes_on():
    user = writer.make()
    token = token_pair(user)["refresh_token"]

    User.objects.update(is_active=False)
    assert refused(token, "refresh") == [REFRESH_REFUSED]
    User.objects.update(is_active=True)

    assert refresh(token).status_code == 200


def test_a_login_a_refresh_and_a_request_cost_few_statements(
    api, django_assert_num_queries, django_assert_max_num_queries
):
    user = writer.make()

    with django_assert_max_num_queries(18):  # most of them count the attempt, and give it back
        pair = api.post("/api/v1/login", {"email": user.email, "password": PASSWORD}).json()
    with django_assert_num_queries(2):
        pair = refresh(pair["refresh_token"]).json()
    with django_assert_num_queries(1):
        assert me(pair["access_token"]).status_code == 200


def test_a_new_pair_belongs_to_the_same_user_and_says_when_it_expires():
    user, _ = writer.make(), writer.make()
    first = token_pair(user)

    second = refresh(first["refresh_token"]).json()

    assert set(second) == set(first) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert second["refresh_token"] != first["refresh_token"]
    claims = claims_of(second["access_token"])
    assert claims["sub"] == str(user.pk)
    assert claims["exp"] - timezone.now().timestamp() == pytest.approx(second["expires_in"], abs=60)
