"""Rooms: what budgets have left for further requests."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Q

from accounts.models import User
from generation.budgets.accounts import SHARED, payers
from generation.budgets.alerts import COUNTS
from generation.budgets.limits import limit_of
from generation.budgets.periods import start_of, today
from generation.budgets.reservation import MONEY
from generation.models import Budget


class Room(NamedTuple):
    """What one budget has left.

    Args:
        account: one of `accounts.py`.
        kind: of the period.
        limit: millionths of a US dollar, or a number of posts.
        left: of the limit; not negative.
    """

    account: str
    kind: Budget.Kind
    limit: int
    left: int

    @property
    def is_own(self) -> bool:
        return self.account not in SHARED


def rooms_for(user: User | None) -> list[Room]:
    """Return what is left of each limit that binds a user's requests.

    Args:
        user: None for a command, which requests for the site.
    """
    day = today()
    rows = Budget.objects.filter(
        Q(start=day) | Q(kind=Budget.Kind.MONTH, start=start_of(Budget.Kind.MONTH, day)) | Q(kind=Budget.Kind.QUEUE),
        account__in=payers(user),
    ).values_list("account", "kind", "spent", "reserved")
    taken = {(account, kind): spent + reserved for account, kind, spent, reserved in rows}
    found = []
    for account in payers(user):
        own = user if account not in SHARED else None
        limits = {kind: limit_of(account, kind, own) for kind in (*MONEY, *(COUNTS if own else ()))}
        found += [
            Room(account, kind, limit, max(0, limit - taken.get((account, kind), 0)))
            for kind, limit in limits.items()
            if limit is not None
        ]
    return found
