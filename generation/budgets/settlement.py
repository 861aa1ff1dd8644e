"""Settlement: whatever ends a generation books what it has spent, and frees the rest, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from generation.budgets.accounts import SHARED, SITE
from generation.budgets.changes import Change, settle
from generation.budgets.periods import ALWAYS, start_of
from generation.budgets.reservation import MONEY
from generation.models import Budget, Spending

TABLE = Spending._meta.db_table
SUMS = ("posts", "calls", "tokens", "cost", "uncertain")
STATEMENT = (
    f"INSERT INTO {TABLE} AS held (day, account, model, {', '.join(SUMS)}) VALUES {{places}}"  # noqa: S608
    f" ON CONFLICT (day, account, model) DO UPDATE SET {', '.join(f'{n} = held.{n} + excluded.{n}' for n in SUMS)}"
)


@dataclass(frozen=True)
class Ending:
    """What one generation has spent when it ends, or what is to be added to that afterwards.

    Args:
        accounts: that it is charged to.
        day: of its request.
        reserved: to be freed; in millionths of a US dollar, as `spent`.
        spent: at most; negative if it was less than was thought.
        model: that was paid.
        posts: 1, or 0 for what is added afterwards.
        calls: of the model.
        tokens: in and out.
        is_uncertain: whether `spent` is not known, but an upper bound or without a price.
    """

    accounts: tuple[str, ...]
    day: date
    reserved: int
    spent: int
    model: str
    posts: int
    calls: int
    tokens: int
    is_uncertain: bool

    @property
    def changes(self) -> list[Change]:
        money = [
            Change(account, kind, start_of(kind, self.day), self.spent, -self.reserved)
            for account in self.accounts
            for kind in MONEY
        ]
        queue = [
            Change(account, Budget.Kind.QUEUE, ALWAYS, reserved=-self.posts)
            for account in self.accounts
            if account not in SHARED
        ]
        return money + queue


def settle_all(endings: Sequence[Ending]) -> None:
    """Book what generations have spent; once in a transaction, for rows are locked in order."""
    settle([change for ending in endings for change in ending.changes])
    add_to_spending(endings)


def add_to_spending(endings: Sequence[Ending]) -> None:
    sums: dict[tuple[date, str, str], list[int]] = {}
    for ending in endings:
        if not (ending.calls or ending.spent):
            continue
        key = ending.day, (ending.accounts or (SITE,))[0], ending.model
        more = ending.posts, ending.calls, ending.tokens, ending.spent, int(ending.is_uncertain)
        sums[key] = [a + b for a, b in zip(sums.get(key, [0] * len(SUMS)), more, strict=True)]
    if not sums:
        return
    rows = sorted(sums.items())
    places = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s)"] * len(rows))
    values: list[Any] = [value for (day, *names), sums in rows for value in (day, *names, *sums)]
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(places=places), values)
