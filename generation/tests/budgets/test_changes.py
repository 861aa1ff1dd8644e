"""Changes of budgets: within their limits however many come at once, and none of them lost."""

from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from blogsite.testing.connections import another_connection, is_waited_for, own_pid
from blogsite.testing.workers import eventually
from generation.budgets.accounts import SELF_REGISTERED, SITE
from generation.budgets.changes import Change, OverLimit, combined, reserve, settle
from generation.models import Budget

DAY, MONTH = Budget.Kind.DAY, Budget.Kind.MONTH
TODAY = date(2026, 11, 27)


def change(account: str = SITE, kind: Budget.Kind = DAY, **more: Any) -> Change:
    return Change(account, kind, TODAY, **more)


def rows() -> dict[str, tuple[int, int, int | None]]:
    return {row.account: (row.spent, row.reserved, row.allowed) for row in Budget.objects.all()}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("spent", [1, 0], ids=["with a row", "without one yet"])
def test_two_at_once_cannot_both_have_the_last_of_it(spent: int) -> None:
    settle([change(spent=spent)])
    with ExitStack() as stack:
        with transaction.atomic():
            reserve([change(reserved=6, limit=10)])
            second = stack.enter_context(another_connection(lambda: reserve([change(reserved=6, limit=10)])))
            if connection.vendor == "postgresql":
                eventually(lambda: is_waited_for(own_pid()))
        with pytest.raises(OverLimit):
            second.result()
    assert rows() == {SITE: (spent, 6, 10)}


@pytest.mark.django_db
def test_the_very_last_of_it_may_be_had_and_nothing_after_it() -> None:
    reserve([change(reserved=4, limit=10)])
    settle([change(spent=5, reserved=-4)])
    reserve([change(reserved=5, limit=10)])
    with pytest.raises(OverLimit) as caught, transaction.atomic():
        reserve([change("user:7", reserved=1, limit=9), change(reserved=1, limit=10)])
    assert (caught.value.change.account, set(caught.value.passed)) == (SITE, {change("user:7").row})
    assert rows() == {SITE: (5, 5, 10)}


@pytest.mark.django_db
def test_a_limit_binds_the_first_request_of_a_period_too() -> None:
    with pytest.raises(OverLimit):
        reserve([change("user:7", reserved=1, limit=10), change(reserved=11, limit=10)])
    assert rows() == {}


@pytest.mark.django_db
def test_what_was_spent_is_counted_whatever_the_limit_is() -> None:
    reserve([change(reserved=10, limit=10)])
    settle([change(spent=15, reserved=-10)])
    assert rows() == {SITE: (15, 0, 10)}


@pytest.mark.django_db
def test_what_another_leaves_behind_makes_room_and_takes_nobodys_limit_away() -> None:
    reserve([change("user:7", reserved=8, limit=10), change(reserved=8, limit=10)])
    freed = [change(account, spent=1, reserved=-8) for account in ("user:7", SITE)]
    reserve([*freed, change("user:8", reserved=9, limit=10), change(reserved=9, limit=10)])
    assert rows() == {"user:7": (1, 0, 10), "user:8": (0, 9, 10), SITE: (1, 9, 10)}


def test_all_lock_rows_in_one_order_the_shared_ones_last_and_each_once() -> None:
    changes = [change(SITE, MONTH, spent=1), change(SITE), change("user:9"), change(SELF_REGISTERED), change("user:10")]
    found = combined([*changes, change(SITE, MONTH, spent=2, limit=3)])
    order = [("user:10", DAY), ("user:9", DAY), (SELF_REGISTERED, DAY), (SITE, DAY), (SITE, MONTH)]
    assert [(one.account, one.kind) for one in found] == order
    assert (found[-1].spent, found[-1].limit) == (3, 3)
