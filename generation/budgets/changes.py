"""Changes of budgets: one statement for any number of rows, which inserts those that are missing.

Several rows change in the order that all transactions lock them in. A limit is compared by the statement that changes
the row, so that two requests at once cannot both have the last of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from generation.budgets.accounts import SHARED
from generation.budgets.alerts import alert_if_nearly_spent
from generation.models import Budget

Row = tuple[str, str, str]
TABLE = Budget._meta.db_table
COLUMNS, PLACES = "account, kind, start, spent, reserved, allowed", "(%s, %s, %s, %s, %s, %s)"
# What is on the row is `held`, what is to change `excluded`.
ADD = "spent = held.spent + excluded.spent, reserved = held.reserved + excluded.reserved"
# Where something is only freed nobody looked the limit up.
ALLOWED = "COALESCE(excluded.allowed, CASE WHEN excluded.reserved < 0 THEN held.allowed END)"
WITHIN = (
    "excluded.allowed IS NULL OR held.spent + held.reserved + excluded.spent + excluded.reserved <= excluded.allowed"
)


class Change(NamedTuple):
    """What is added to one budget; money in millionths of a US dollar, or a number of posts.

    Args:
        account: one of `accounts.py`.
        kind: of the period.
        start: of the period.
        spent: may be negative, where less was spent than was thought.
        reserved: negative where it is freed.
        limit: what spent and reserved together may come to; None for none.
    """

    account: str
    kind: Budget.Kind
    start: date
    spent: int = 0
    reserved: int = 0
    limit: int | None = None

    @property
    def row(self) -> Row:
        """What names the row; databases differ in how they return a date."""
        return self.account, self.kind.value, str(self.start)

    def __add__(self, other: Any) -> Change:
        limit = self.limit if other.limit is None else other.limit
        return self._replace(spent=self.spent + other.spent, reserved=self.reserved + other.reserved, limit=limit)


class OverLimit(Exception):
    """A limit forbids a reservation. The transaction must be rolled back.

    Args:
        change: the first that does not fit.
        passed: those that did, by their rows.
    """

    def __init__(self, change: Change, passed: Mapping[Row, Change] | None = None) -> None:
        super().__init__(str(change))
        self.change = change
        self.passed = passed or {}


def combined(changes: Iterable[Change]) -> list[Change]:
    """Return one change for each row, in the order that rows are locked in."""
    found: dict[tuple[Any, ...], Change] = {}
    for change in changes:
        row = change[:3]
        found[row] = found[row] + change if row in found else change
    return sorted(found.values(), key=lock_order)


def lock_order(change: Change) -> tuple[Any, ...]:
    """Sort changes by this: every transaction locks rows in the same order, those that many share last."""
    return change.account in SHARED, *change[:3]


def reserve(changes: Sequence[Change]) -> None:
    """Change rows, if that keeps each within its limit.

    Raises:
        OverLimit: it does not.
    """
    changes = combined(changes)
    for change in changes:  # of a row that is not there yet nothing is compared
        if change.limit is not None and change.spent + change.reserved > change.limit:
            raise OverLimit(change)
    rows = execute(changes, f"{ADD}, allowed = {ALLOWED} WHERE {WITHIN}", "id")
    if len(rows) < len(changes):
        kept = Budget.objects.filter(pk__in=[pk for (pk,) in rows]).values_list("account", "kind", "start")
        passed = {(account, kind, str(start)) for account, kind, start in kept}
        over = next(change for change in changes if change.row not in passed)
        raise OverLimit(over, {change.row: change for change in changes if change.row in passed})


def settle(changes: Sequence[Change]) -> None:
    """Change rows, whatever their limits: what was spent is spent."""
    changes = [change for change in combined(changes) if change.spent or change.reserved]
    more = {change.row: change.spent for change in changes}
    for account, kind, start, spent, allowed in execute(changes, ADD, "account, kind, start, spent, allowed"):
        row = account, kind, str(start)
        alert_if_nearly_spent(row, spent - more[row], spent, allowed)


def lock(changes: Sequence[Change]) -> None:
    """Lock rows, and add those that are missing, with changes that change nothing."""
    execute(combined(changes), ADD, "id")


def execute(changes: Sequence[Change], action: str, returned: str) -> list[tuple[Any, ...]]:
    """Run the statement; return these columns of the rows that were changed."""
    if not changes:
        return []
    # Everybody who requests a post waits for this. SQLite keeps a statement that it has seen, and takes 25 us longer
    # for another one; on PostgreSQL as many parameters take 15 us longer to put in than their values.
    is_kept = connection.vendor == "sqlite"
    rows = ", ".join([PLACES] * len(changes) if is_kept else map(literal, changes))
    values = [value for change in changes for value in (*change.row, *change[3:])] if is_kept else None
    statement = (
        f"INSERT INTO {TABLE} AS held ({COLUMNS}) VALUES {rows}"  # noqa: S608
        f" ON CONFLICT (account, kind, start) DO UPDATE SET {action} RETURNING {returned}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def literal(change: Change) -> str:
    """Return a row of the statement. Nobody wrote what is in it."""
    limit = "NULL" if change.limit is None else int(change.limit)
    return (
        f"('{change.account}', '{change.kind.value}', '{change.start}', {change.spent:d}, {change.reserved:d}, {limit})"
    )
