"""The product's URLs, with a queue that asks no budget."""

from typing import Any

from accounts.models import User
from blogs.models import BlogPost
from blogsite.urls import *  # noqa: F403
from generation import receivers
from generation.budgets.periods import today
from generation.budgets.reservation import Reservation
from generation.costs import Usage


def nothing_used(post: BlogPost) -> Usage:
    return Usage()


def nothing_reserved(user: User | None, model: str, usage: Usage) -> Reservation:
    return Reservation(user, today(), 0)


def reserve_nothing(*args: Any) -> None:
    pass


vars(receivers).update(most_used_by=nothing_used, reservation_of=nothing_reserved, reserve_for=reserve_nothing)
