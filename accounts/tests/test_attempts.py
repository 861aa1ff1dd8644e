"""Attempts at passwords: how many are hashed, who has to wait, and who does not."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.attempts import ACCOUNT, BOTH, LONGEST, QUIET, TooManyAttempts, WrongPassword, confirm_password
from accounts.models import PasswordAttempts
from accounts.models.password_attempts import FORGOTTEN, KNOWN_FOR
from accounts.tests.baker_recipes import PASSWORD, editor, writer
from accounts.tests.counting import Clock, CountingHasher

pytestmark = pytest.mark.django_db
BOB = "bob@example.com"
HOME = "192.0.2.1"


@pytest.fixture
def hashes(settings):
    settings.PASSWORD_HASHERS = ["accounts.tests.counting.CountingHasher"]
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES)
    CountingHasher.count = 0
    return lambda: CountingHasher.count


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def login(password: str, email: str = BOB, at: str = HOME) -> Any:
    return APIClient().post("/api/v1/login", {"email": email, "password": password}, REMOTE_ADDR=at)


def admin_login(password: str, email: str = BOB, at: str = HOME) -> Any:
    return Client().post("/admin/login/", {"username": email, "password": password}, REMOTE_ADDR=at)


def fail(times: int, email: str = BOB, at: str = HOME) -> None:
    for _ in range(times):
        assert login("wrong", email, at).status_code == 401


def address(number: int) -> str:
    return f"198.51.100.{number % 100}"


def test_of_a_thousand_wrong_passwords_in_a_minute_at_most_twenty_are_hashed(hashes, clock):
    editor.make(email=BOB)
    writer.make(email="ann@example.com")
    start = hashes()

    for number in range(1000):
        (admin_login if number % 2 else login)(f"wrong {number}", at=address(number))
        clock.move(0.06)

    assert ACCOUNT.free <= hashes() - start <= 20
    answer = login(PASSWORD)
    assert answer.status_code == 429
    assert login(PASSWORD, "ann@example.com", address(1)).status_code == 200
    clock.move(int(answer["Retry-After"]))
    assert login(PASSWORD).status_code == 200


@pytest.mark.parametrize("email", [BOB, "nobody@example.com"])
def test_delays_grow_to_a_minute_and_no_further_whether_or_not_the_account_exists(hashes, clock, email):
    writer.make(email=BOB)
    fail(ACCOUNT.free + 1, email)

    waits = []
    for _ in range(9):
        answer = login("wrong", email)
        assert answer.status_code == 429
        waits.append(int(answer["Retry-After"]))
        clock.move(waits[-1])
        fail(1, email)

    assert waits == [1, 2, 4, 8, 16, 32, LONGEST, LONGEST, LONGEST]


def test_a_delay_is_a_problem_that_says_how_long_and_hashes_and_counts_nothing(hashes, clock):
    fail(ACCOUNT.free + 1)
    before, hashed = list(PasswordAttempts.objects.order_by("key").values()), hashes()

    answer = login("wrong")

    assert (answer.status_code, answer["Content-Type"], answer["Retry-After"]) == (429, "application/problem+json", "1")
    assert answer.json()["type"] == "/problems/too-many-attempts"
    assert "1 s." in answer.json()["detail"]
    assert hashes() == hashed
    assert list(PasswordAttempts.objects.order_by("key").values()) == before


def test_an_attack_without_a_pause_keeps_nobody_out_where_they_logged_in_before(hashes, clock):
    writer.make(email=BOB)
    assert login(PASSWORD).status_code == 200
    for number in range(300):
        login("wrong", at=address(number))
        if number < 60:  # from the owner's own network too, at other accounts
            login("wrong", f"{number}@example.com")

    assert login(PASSWORD, at="203.0.113.1").status_code == 429
    assert [login(PASSWORD).status_code for _ in range(10)] == [200] * 10
    assert login(PASSWORD, at="203.0.113.1").status_code == 429  # which does not free those who attack
    clock.move(KNOWN_FOR.total_seconds() + 1)
    fail(ACCOUNT.free + 1, at=address(1))
    assert login(PASSWORD).status_code == 429


def test_a_known_network_has_few_attempts_more(hashes, clock):
    writer.make(email=BOB)
    login(PASSWORD)

    codes = [login("wrong").status_code for _ in range(30)]

    assert codes.count(401) == ACCOUNT.free + 1 + BOTH.free + 1


def test_a_right_password_forgets_the_failures_of_the_account(hashes, clock):
    writer.make(email=BOB)
    for _ in range(3):
        fail(ACCOUNT.free, at=address(1))
        assert login(PASSWORD, at=address(2)).status_code == 200
        clock.move(KNOWN_FOR.total_seconds() + 1)


def test_a_network_that_fails_at_many_accounts_has_to_wait_for_each(hashes, clock):
    writer.make(email=BOB)
    for number in range(51):
        fail(1, f"{number}@example.com")
    assert login(PASSWORD).status_code == 429
    assert login(PASSWORD, at="192.0.2.2").status_code == 200

    clock.move(1)
    writer.make(email="mallory@example.com")
    assert login(PASSWORD, "mallory@example.com").status_code == 200  # an own account does not help
    fail(1, "52@example.com")
    assert login("wrong", "53@example.com")["Retry-After"] == "2"


def test_failures_are_forgotten_after_some_time_without_any(hashes, clock):
    fail(ACCOUNT.free + 1)

    clock.move(QUIET.total_seconds() + 1)

    fail(ACCOUNT.free + 1)


def test_a_delay_by_a_clock_that_was_wrong_stops_nobody(hashes, clock):
    fail(ACCOUNT.free + 1)
    writer.make(email=BOB)

    clock.move(-3600)

    assert login(PASSWORD).status_code == 200


@pytest.mark.parametrize("form", ["BOB@example.com", "Bob@EXAMPLE.com"])
def test_an_address_has_one_count_in_all_its_forms(hashes, clock, form):
    fail(ACCOUNT.free + 1)

    assert login("wrong", form).status_code == 429
    assert admin_login("wrong", form).status_code == 429


def test_nothing_that_was_typed_is_stored(hashes):
    fail(1, "hunter2")

    assert all(len(row.key) == 64 for row in PasswordAttempts.objects.all())


def test_rows_expire_after_a_day_and_known_networks_after_thirty(hashes, clock):
    writer.make(email=BOB)
    login(PASSWORD)
    fail(1, "ann@example.com")
    assert not PasswordAttempts.objects.expired().exists()

    clock.move(FORGOTTEN.total_seconds() + 1)
    PasswordAttempts.objects.expired().delete()
    assert PasswordAttempts.objects.get().succeeded_at

    clock.move(KNOWN_FOR.total_seconds())
    assert PasswordAttempts.objects.expired().count() == 1


def test_a_person_who_repeats_the_password_takes_the_same_path(hashes, clock):
    user = writer.make(email=BOB)
    request = RequestFactory().post("/", REMOTE_ADDR=HOME)
    confirm_password(request, user, PASSWORD)

    for _ in range(ACCOUNT.free + BOTH.free + 2):
        with pytest.raises(WrongPassword):
            confirm_password(request, user, "wrong")
    hashed = hashes()
    with pytest.raises(TooManyAttempts) as refused:
        confirm_password(request, user, PASSWORD)

    assert (refused.value.wait, hashes()) == (1, hashed)
    assert login("wrong").status_code == 429


def test_authenticate_without_a_request_counts_too(hashes, clock):
    for _ in range(ACCOUNT.free + 1):
        assert authenticate(username=BOB, password="wrong") is None
    with pytest.raises(TooManyAttempts):
        authenticate(username=BOB, password="wrong")


def at_once(number: int, password: str) -> list[int]:
    barrier = Barrier(number)

    def one(_: int) -> int:
        barrier.wait()
        try:
            code: int = login(password).status_code
            return code
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


@pytest.mark.django_db(transaction=True)
def test_of_many_wrong_passwords_at_once_no_more_are_hashed_than_one_after_the_other(hashes):
    writer.make(email=BOB)
    hashed = hashes()

    codes = at_once(40, "wrong")

    assert set(codes) == {401, 429}
    assert hashes() - hashed == codes.count(401) <= ACCOUNT.free + 4  # delays of 1, 2 and 4 s, on a slow machine
    assert PasswordAttempts.objects.filter(blocked_until__gt=timezone.now()).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [False, True])
def test_right_passwords_at_once_are_all_accepted(hashes, is_known):
    writer.make(email=BOB)
    if is_known:
        login(PASSWORD)

    assert at_once(ACCOUNT.free, PASSWORD) == [200] * ACCOUNT.free
