"""Alerts: a line in the log when most of a budget is spent, or a generation has cost more than was reserved.

The first comes once for each period, unless a bill that turns out smaller takes the budget below that again.
"""

from __future__ import annotations

import logging
from functools import partial

from django.db import transaction

from generation.budgets.money import dollars
from generation.models import Budget

COUNTS = (Budget.Kind.POSTS, Budget.Kind.QUEUE)
logger = logging.getLogger("blogsite.generation")
ALERT_AT = 80  # percent of a limit
NEARLY_SPENT = "budget account=%s period=%s start=%s spent=%s limit=%s: %s %% of it is spent"
BEYOND = "budget generation=%s reserved=%s spent=%s: dearer than reserved; was it answered by another model?"


def alert_if_nearly_spent(row: tuple[str, str, str], before: int, spent: int, limit: int | None) -> None:
    """Log, once the transaction is committed, that a budget passes ALERT_AT per cent with what it spends now.

    Args:
        row: account, kind and start of the period.
        before: what was spent before; in millionths of a US dollar, as the others.
    """
    if not limit or row[1] in COUNTS or not is_nearly_spent(spent, limit) or is_nearly_spent(before, limit):
        return
    transaction.on_commit(partial(logger.warning, NEARLY_SPENT, *row, dollars(spent), dollars(limit), ALERT_AT))


def alert_if_beyond(generation: int, reserved: int, spent: int) -> None:
    """Log the same way that a generation has cost more than its reservation: its spending is true, the limit passed."""
    if reserved and spent > reserved:
        transaction.on_commit(partial(logger.warning, BEYOND, generation, dollars(reserved), dollars(spent)))


def is_nearly_spent(spent: int, limit: int) -> bool:
    return spent * 100 >= limit * ALERT_AT
