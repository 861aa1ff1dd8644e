"""Refusals of requests that a budget or a limit has no room for."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.refusals import Refusal
from blogs.refusals import BudgetExhausted, PostsExhausted, QueueShareFull
from generation.budgets.accounts import SITE, account_of, user_of
from generation.budgets.changes import OverLimit
from generation.budgets.limits import limit_of
from generation.budgets.money import dollars
from generation.budgets.periods import end_of, start_of
from generation.models import Budget

RETRY_AFTER = 30  # seconds, until some of a full share of the queue are written
OWN = "Your budget for this {period} has no room for another post. It starts again at {resets_at:%Y-%m-%d %H:%M} UTC."
SHARED = (
    "The site's budget for this {period} has no room for another post. It starts again at {resets_at:%Y-%m-%d %H:%M}"
    " UTC; an administrator can raise it."
)


def refusal_of(over: OverLimit, user: User | None) -> Refusal:
    """Return how to refuse a request. The transaction must be rolled back.

    Args:
        user: who requested; their own figures are shown and nobody else's. The site's to None, which is a command.
    """
    kind, day = over.change.kind, over.change.start
    resets_at = end_of(kind, day)
    if kind == Budget.Kind.POSTS:
        return PostsExhausted(wait=seconds_until(resets_at))
    if kind == Budget.Kind.QUEUE:
        return QueueShareFull(wait=RETRY_AFTER)
    sentence = OWN if user_of(over.change.account) else SHARED
    detail = sentence.format(period=kind.value, resets_at=resets_at)
    return BudgetExhausted(detail, **figures(over, user, kind, resets_at))


def figures(over: OverLimit, user: User | None, kind: Budget.Kind, resets_at: datetime) -> dict[str, Any]:
    """Return what the refused request's account has in this period, without what it would have added."""
    account = account_of(user.pk) if user else SITE
    start = start_of(kind, over.change.start)
    held = Budget.objects.filter(account=account, kind=kind, start=start).first() or Budget(spent=0, reserved=0)
    added = over.passed.get((account, kind.value, str(start)))
    limit = limit_of(account, kind, user)
    return {
        "limit": None if limit is None else str(dollars(limit)),
        "spent": str(dollars(held.spent - (added.spent if added else 0))),
        "reserved": str(dollars(held.reserved - (added.reserved if added else 0))),
        "resets_at": resets_at,
    }


def seconds_until(moment: datetime) -> int:
    return max(1, ceil((moment - timezone.now()).total_seconds()))
