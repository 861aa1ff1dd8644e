"""What budgets hold is corrected when rows have vanished beside them, whatever happens at the same time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F

from accounts.models import User
from accounts.tests.baker_recipes import writer
from blogs.refusals import QueueShareFull
from blogsite.testing.connections import another_connection, by_rows
from blogsite.testing.posts import owner_of, request_post
from generation.budgets.recount import CORRECTED, drifts
from generation.models import Budget, Generation
from generation.queue import locks, transitions
from generation.worker import housekeeping
from generation.worker.housekeeping import recount_budgets

pytestmark = pytest.mark.django_db
TABLE = Budget._meta.db_table


@pytest.fixture(autouse=True)
def _a_paid_model(settings: Any) -> None:
    settings.OPENAI_API_KEY = "a-key"


def budgets() -> dict[tuple[str, str, date], tuple[int, int]]:
    return {(row.account, row.kind, row.start): (row.spent, row.reserved) for row in Budget.objects.all()}


def leak(*, posts: int = 1, dollars: int = 100) -> None:
    """Have all budgets hold more than they should."""
    for row in Budget.objects.exclude(kind=Budget.Kind.POSTS):
        row.reserved += posts if row.kind == Budget.Kind.QUEUE else dollars
        row.save()


def test_posts_deleted_by_sql_give_their_place_and_money_back_to_their_user(settings: Any) -> None:
    settings.QUEUE_USER_LIMIT = 2
    user, other = writer.make(), request_post()
    lost = [request_post(owner=user), request_post(owner=user)]
    before_loss = budgets()
    with connection.cursor() as cursor:
        for post in lost:
            cursor.execute(f"DELETE FROM {Generation._meta.db_table} WHERE post_id = %s", [post.pk])
    with pytest.raises(QueueShareFull), transaction.atomic():
        request_post(owner=user)
    assert budgets() == before_loss

    recount_budgets()

    assert not Budget.objects.filter(account=f"user:{user.pk}").exclude(reserved=0).exists()
    reserved = Generation.objects.get(post=other).reserved
    assert set(Budget.objects.filter(account="site").values_list("reserved", flat=True)) == {reserved}
    request_post(owner=user)


def test_budgets_that_were_deleted_or_restored_hold_again_what_is_unfinished() -> None:
    user = owner_of(request_post())
    request_post(owner=user)
    before = budgets()
    Budget.objects.filter(kind=Budget.Kind.MONTH).delete()
    Budget.objects.update(reserved=0)

    recount_budgets()

    assert budgets() == before


def test_a_correction_is_logged_and_a_second_look_finds_nothing(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    request_post()
    before = budgets()
    leak()
    caplog.clear()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            recount_budgets()
    assert budgets() == before
    lines = [record.getMessage() for record in caplog.records if record.msg == CORRECTED]
    assert len(lines) == len(set(lines)) == 5  # a user's day, month and queue, and the site's day and month
    assert any(
        "period=queue" in line and line.endswith("reserved=2: corrected, its unfinished posts hold 1") for line in lines
    )


def test_more_than_are_corrected_at_once_are_corrected_by_the_next_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "CORRECTED_AT_ONCE", 2)
    request_post()
    before = budgets()
    leak()
    assert [recount_budgets() for _ in range(3)] == [True, True, False]
    assert budgets() == before


def test_what_ended_keeps_nothing_and_what_no_budget_pays_is_not_counted() -> None:
    post = request_post()
    transitions.cancel(post)
    Generation.objects.update(reserved=5)  # as a worker of an earlier version leaves it
    post.request_generation()
    Generation.objects.unfinished().update(accounts="", charged_on=None, reserved=0)
    recount_budgets()
    assert not Budget.objects.exclude(reserved=0).exists()


MEANWHILE: dict[str, Callable[[], Any]] = {
    "requested": request_post,
    "ended": lambda: transitions.cancel(Generation.objects.earliest("pk").post),
    "corrected": recount_budgets,
}


def beside(work: Callable[[], Any]) -> None:
    with another_connection(work) as done:
        done.result()


@by_rows
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", MEANWHILE.values(), ids=MEANWHILE.keys())
def test_what_is_requested_ended_or_corrected_between_the_look_and_the_lock_is_counted(
    change: Callable[[], Any],
) -> None:
    request_post()
    leak()
    seen: list[str] = []

    def meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(f"INSERT INTO {TABLE}") and not seen:
            seen.append(sql)
            beside(change)
        return execute(sql, *rest)

    with connection.execute_wrapper(meanwhile):
        recount_budgets()

    assert seen
    assert drifts() == []


@by_rows
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_ended", [False, True])
def test_a_request_under_way_is_waited_for_briefly_and_counted_whole(
    is_ended: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "WAITS_FOR", 0.05)
    request_post()
    leak()
    wrong = drifts()
    with transaction.atomic():
        request_post()
        beside(recount_budgets)
        transaction.set_rollback(is_ended)
    assert [drift.unfinished - drift.reserved for drift in drifts()] == [
        drift.unfinished - drift.reserved for drift in wrong
    ]
    recount_budgets()
    assert drifts() == []


@by_rows
@pytest.mark.django_db(transaction=True)
def test_requests_and_ends_beside_recounts_never_deadlock() -> None:
    users = [writer.make(is_self_registered=True), writer.make()]

    def request_and_cancel(user: User) -> None:
        try:
            for _ in range(6):
                transitions.cancel(request_post(owner=user))
                request_post(owner=user)
        finally:
            connection.close()

    def recount() -> None:
        try:
            for _ in range(12):
                Budget.objects.filter(account="site", kind=Budget.Kind.DAY).update(reserved=F("reserved") + 1)
                recount_budgets()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        for work in [*(pool.submit(request_and_cancel, user) for user in users), pool.submit(recount)]:
            work.result()

    recount_budgets()
    assert drifts() == []
    assert Generation.objects.unfinished().count() == 12
