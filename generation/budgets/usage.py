"""Usage: what was spent, is reserved and may be spent, read from counters and daily sums and never from generations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from django.db.models import Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from generation.budgets.accounts import SELF_REGISTERED, SHARED, SITE, account_of, payers, user_of
from generation.budgets.alerts import COUNTS, is_nearly_spent
from generation.budgets.limits import limit_of
from generation.budgets.periods import end_of, start_of, today
from generation.budgets.reservation import MONEY, reservation_of
from generation.costs import Usage
from generation.models import Budget, Spending

SITE_BUDGETS = ((SITE, Budget.Kind.DAY), (SITE, Budget.Kind.MONTH), (SELF_REGISTERED, Budget.Kind.DAY))
SITE_NAME = "the site (commands)"
DELETED = "user {id}, deleted"
PERMISSION = "generation.view_spending"
By = Literal["account", "model", "day"]


class Level(StrEnum):
    ENOUGH = "enough"
    NEARLY_SPENT = "nearly spent"
    EXHAUSTED = "exhausted"  # no room for another post


@dataclass(frozen=True)
class Standing:
    """How a budget stands in its present period; in millionths of a US dollar, or posts.

    Args:
        account: one of `accounts.py`.
        kind: of the period.
        resets_at: when the next period begins.
        limit: None for none.
    """

    account: str
    kind: Budget.Kind
    resets_at: datetime
    spent: int
    reserved: int
    limit: int | None

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.spent - self.reserved)

    @property
    def is_own(self) -> bool:
        return self.account not in SHARED

    def level(self, next_post: int) -> Level:
        """Say how far it is spent.

        Args:
            next_post: what another post would reserve; 0 for nothing, which no budget refuses.
        """
        if self.limit is None:
            return Level.ENOUGH
        if next_post and self.spent + self.reserved + next_post > self.limit:
            return Level.EXHAUSTED
        return Level.NEARLY_SPENT if self.limit and is_nearly_spent(self.spent, self.limit) else Level.ENOUGH


@dataclass(frozen=True)
class SpendingSum:
    """Sums of ended generations: `cost` at most, `uncertain` of how many it is not known exactly, or has no price.

    Args:
        key: what they are summed by: an account, a model or a day.
    """

    key: str | date
    posts: int
    calls: int
    tokens: int
    cost: int
    uncertain: int


@dataclass(frozen=True)
class Payer:
    """Args:
    name: for people.
    user_id: None for the site, and for who is deleted.
    """

    name: str
    user_id: int | None


def standings_of_site() -> list[Standing]:
    """Return how the site's budgets stand, and that of all who registered without an invitation."""
    return standings(SITE_BUDGETS)


def standings_of(user: User) -> list[Standing]:
    """Return how a user's own budgets stand: of the day, of the month, and the posts of the day."""
    return standings([(account_of(user.pk), kind) for kind in (*MONEY, Budget.Kind.POSTS)], user)


def standings_for(user: User | None) -> list[Standing]:
    """Return how all budgets stand that a request is compared with.

    Args:
        user: who requests; None for a command.
    """
    own = (*MONEY, *COUNTS)
    return standings([(payer, kind) for payer in payers(user) for kind in (MONEY if payer in SHARED else own)], user)


def standings(budgets: Iterable[tuple[str, Budget.Kind]], user: User | None = None) -> list[Standing]:
    day, wanted = today(), list(budgets)
    starts = {start_of(kind, day) for _, kind in wanted}
    rows = Budget.objects.filter(account__in={account for account, _ in wanted}, start__in=starts)
    found = {(row.account, row.kind, row.start): row for row in rows}
    return [
        Standing(account, kind, end_of(kind, day), row.spent, row.reserved, limit_of(account, kind, user))
        for account, kind in wanted
        for row in [found.get((account, kind, start_of(kind, day))) or Budget()]
    ]


def next_post(usage: Usage) -> int:
    """Return what a request would reserve, in millionths of a US dollar.

    Args:
        usage: the most that one attempt uses.
    """
    return reservation_of(None, "", usage).amount


def sums(by: By, since: date, account: str | None = None, most: int | None = None) -> list[SpendingSum]:
    """Return what was spent on requests from a day on; days in their order, others by cost, highest first.

    Args:
        account: whose; everybody's unless given.
        most: how many to return at most; all unless given.
    """
    rows = Spending.objects.filter(day__gte=since, **({"account": account} if account else {}))
    names = ("posts", "calls", "tokens", "cost", "uncertain")
    # An expression: SQLite would go through the accounts of all days by their index to group by the column.
    found = rows.order_by().values(key=Coalesce(by, by)).annotate(**{f"sum_{name}": Sum(name) for name in names})
    order = ("key",) if by == "day" else ("-sum_cost", "-sum_tokens", "key")
    ordered = found.order_by(*order).values_list("key", *(f"sum_{name}" for name in names))
    return [SpendingSum(*row) for row in ordered[:most]]


def named(accounts: Iterable[str]) -> dict[str, Payer]:
    """Return who accounts belong to; what deleted users have spent stays."""
    ids = {account: user_of(account) for account in accounts}
    emails = dict(User.objects.filter(pk__in=[pk for pk in ids.values() if pk]).values_list("pk", "email"))
    return {
        account: Payer(SITE_NAME, None)
        if pk is None
        else Payer(emails[pk], pk)
        if pk in emails
        else Payer(DELETED.format(id=pk), None)
        for account, pk in ids.items()
    }
