"""Forecasts of bulk requests: what they will reserve, and whether the budgets have room for that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Avg, Count, QuerySet
from django.db.models.functions import Length

from accounts.models import User
from blogs.models import BlogPost
from generation.budgets.alerts import COUNTS
from generation.budgets.reservation import reservation_of
from generation.budgets.usage import Standing, standings_for
from generation.models import Budget
from generation.receivers import most_used_by
from generation.reporting.budgets import price

SAMPLE, TITLE = "water the roots in the morning; ", "A title of the usual length, in a few words"
RESERVED = "Until they are finished, {amount} is reserved: the most that they can cost."
LEFT = "Left of {whose} {period}: {left} of {limit}."
TOO_LITTLE = "Of these {posts:,} posts the budgets have room for about {fitting:,}. The others will not be queued."
OWN, SITE = "your", "the site’s"
PERIODS = {Budget.Kind.DAY: "budget for today", Budget.Kind.MONTH: "budget for this month"}
POSTS_LEFT = "Posts that you may still request today: {left:,} of {limit:,}."


class Group(NamedTuple):
    """Posts of one model and with the same options, and the mean length of their briefs in characters."""

    model: str
    length: str
    language: str
    posts: int
    brief: float


@dataclass(frozen=True)
class Forecast:
    """Args:
    posts: that are requested.
    reserved: by all of them together; millionths of a US dollar.
    standings: of the limited budgets that the requests are compared with.
    """

    posts: int
    reserved: int
    standings: list[Standing]

    @property
    def fitting(self) -> int:
        """How many of the posts the budgets have room for, if all reserve the same."""
        return min([self.posts, *(self.fitting_in(one) for one in self.standings)])

    def fitting_in(self, standing: Standing) -> int:
        left = standing.left or 0
        if standing.kind in COUNTS:
            return left
        return self.posts * left // self.reserved if self.reserved else self.posts

    def lines(self, *, with_shared: bool) -> list[str]:
        """Return what is reserved, and what each budget has left, as sentences.

        Args:
            with_shared: whether the reader may know what the site has left.
        """
        shown = [one for one in self.standings if one.kind != Budget.Kind.QUEUE and (one.is_own or with_shared)]
        if not self.reserved:
            return [line_of(one) for one in shown if one.kind == Budget.Kind.POSTS]
        return [RESERVED.format(amount=price(self.reserved)), *map(line_of, shown)]

    @property
    def warning(self) -> str:
        fitting = self.fitting
        return TOO_LITTLE.format(posts=self.posts, fitting=fitting) if fitting < self.posts else ""


def line_of(standing: Standing) -> str:
    left, limit = standing.left, standing.limit
    if standing.kind == Budget.Kind.POSTS:
        return POSTS_LEFT.format(left=left, limit=limit)
    whose = OWN if standing.is_own else SITE
    return LEFT.format(whose=whose, period=PERIODS[standing.kind], left=price(left), limit=price(limit))


def forecast(groups: Iterable[Group], user: User | None) -> Forecast:
    """Return what requests for posts will reserve, as if the briefs of a group were all of their mean length.

    Args:
        user: who requests; None for a command.
    """
    posts = reserved = 0
    for group in groups:
        notes = (SAMPLE * (1 + round(group.brief) // len(SAMPLE)))[: round(group.brief)]
        post = BlogPost(brief_title=TITLE, brief=notes, length=group.length, language=group.language)
        posts += group.posts
        reserved += group.posts * reservation_of(user, group.model, most_used_by(post)).amount
    limited = [standing for standing in standings_for(user) if standing.limit is not None]
    return Forecast(posts, reserved, limited)


def groups_of(posts: QuerySet[BlogPost]) -> list[Group]:
    grouped = posts.order_by().values("model", "length", "language")
    rows = grouped.annotate(number=Count("pk"), mean=Avg(Length("brief")))
    return [Group(*row) for row in rows.values_list("model", "length", "language", "number", "mean")]
