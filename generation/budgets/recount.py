"""Recounts: what budgets hold reserved is compared with what unfinished generations hold, and corrected.

Each transaction changes both together. They differ only after rows were deleted by SQL, a table was restored alone, or
a worker of an earlier version has ended generations during an upgrade.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Sum, Value

from generation.budgets.accounts import SHARED
from generation.budgets.changes import Change, lock, settle
from generation.budgets.money import dollars
from generation.budgets.periods import start_of
from generation.budgets.reservation import MONEY
from generation.models import Budget, Generation

logger = logging.getLogger("blogsite.generation")
CORRECTED = "budget account=%s period=%s start=%s reserved=%s: corrected, its unfinished posts hold %s"
Key = tuple[str, Budget.Kind, date]  # account, kind and start of a budget


class Drift(NamedTuple):
    """A budget that holds something else than its unfinished generations.

    Args:
        budget: which one.
        reserved: what it holds: millionths of a US dollar, or posts.
        unfinished: what they hold.
    """

    budget: Key
    reserved: int
    unfinished: int

    @property
    def shown(self) -> tuple[str, str]:
        """Return both amounts for people: US dollars, or posts."""
        is_money = self.budget[1] in MONEY
        reserved, unfinished = (str(dollars(n) if is_money else n) for n in (self.reserved, self.unfinished))
        return reserved, unfinished


def drifts() -> list[Drift]:
    """Return which budgets hold something else than their unfinished generations.

    One statement reads both: two would see two moments, and whatever is requested between them as a difference.
    """
    budgets = Budget.objects.exclude(reserved=0).order_by().values_list("account", "kind", "start", "reserved")
    generations = Generation.objects.unfinished().exclude(accounts="").order_by().annotate(kind=Value(""))
    sums = generations.values_list("accounts", "kind", "charged_on").annotate(sum=Sum("reserved"), posts=Count("pk"))
    reserved: Counter[Key] = Counter()
    unfinished: Counter[Key] = Counter()
    for accounts, kind, start, amount, posts in budgets.annotate(posts=Value(0)).union(sums, all=True):
        if kind:
            reserved[accounts, Budget.Kind(kind), start] = int(amount)
        else:
            unfinished.update(held(accounts.split(), start, int(amount), posts))
    keys = sorted(reserved.keys() | unfinished.keys())
    return [Drift(key, reserved[key], unfinished[key]) for key in keys if reserved[key] != unfinished[key]]


def held(accounts: Sequence[str], day: date, reserved: int, posts: int) -> dict[Key, int]:
    """Return what unfinished generations hold of each budget that they are charged to."""
    money = {(account, kind, start_of(kind, day)): reserved for account in accounts for kind in MONEY}
    queue = Budget.Kind.QUEUE
    return money | {(account, queue, start_of(queue, day)): posts for account in accounts if account not in SHARED}


def correct(budgets: Iterable[Key]) -> None:
    """Correct those of these budgets that are wrong once their rows are locked; call it in a transaction.

    Whoever changes what generations hold changes their budgets in the same transaction: it has ended before these rows
    could be locked, and the statement after that sees both, or it waits and adds its change to what is right by then.
    What another recount has corrected meanwhile is right.
    """
    keys = set(budgets)
    lock([Change(*key) for key in keys])
    wrong = [drift for drift in drifts() if drift.budget in keys]
    settle([Change(*drift.budget, reserved=drift.unfinished - drift.reserved) for drift in wrong])
    for drift in wrong:
        transaction.on_commit(partial(logger.warning, CORRECTED, *drift.budget, *drift.shown))
