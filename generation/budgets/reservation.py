"""Reservations: the most that a generation can cost is held by the budgets of who pays before anything is spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from generation.budgets.accounts import SHARED, payers, user_of
from generation.budgets.changes import Change
from generation.budgets.limits import limit_of, providers
from generation.budgets.money import most_of
from generation.budgets.periods import start_of, today
from generation.costs import Usage
from generation.models import Budget, Generation
from generation.prices.table import known_prices

MONEY = (Budget.Kind.DAY, Budget.Kind.MONTH)
COUNTED = ((Budget.Kind.POSTS, 1, 0), (Budget.Kind.QUEUE, 0, 1))  # of a post: spent and reserved


@dataclass(frozen=True)
class Reservation:
    """What one request takes from budgets.

    Args:
        user: who requested it; None for a command.
        day: of the request.
        amount: millionths of a US dollar; 0 where the model has no price, or needs none.
    """

    user: User | None
    day: date
    amount: int

    @property
    def accounts(self) -> list[str]:
        return payers(self.user)

    @property
    def changes(self) -> list[Change]:
        """What is added to budgets: of a user a post of the day, and one in the queue, too."""
        accounts, starts = self.accounts, {kind: start_of(kind, self.day) for kind in Budget.Kind}
        amounts = [(account, kind, 0, self.amount) for account in accounts for kind in MONEY if self.amount]
        posts = [(account, *count) for account in accounts if account not in SHARED for count in COUNTED]
        return [
            Change(account, kind, starts[kind], spent, reserved, limit_of(account, kind, self.user))
            for account, kind, spent, reserved in (*posts, *amounts)
        ]


def reservation_of(user: User | None, model: str, usage: Usage) -> Reservation:
    """Return the reservation for a request, at the price of the dearest model that may write it.

    Args:
        model: that is chosen for the post; "" for the default.
        usage: the most that one full attempt of a large model uses.
    """
    prices = known_prices()
    return Reservation(user, today(), max(most_of(provider.model, usage, prices) for provider in providers(model)))


def further(generation: Generation, amount: int) -> list[Change]:
    """Return what to change where a generation needs more than its budgets hold for it.

    Args:
        amount: millionths of a US dollar.
    """
    changes = []
    for account in generation.accounts.split():
        user_id = user_of(account)
        user = User.objects.filter(pk=user_id).first() if user_id else None
        for kind in MONEY:
            start = start_of(kind, generation.charged_on or today())
            changes.append(Change(account, kind, start, reserved=amount, limit=limit_of(account, kind, user)))
    return changes
