"""The overview of generations for the template of the admin's first page."""

from dataclasses import dataclass
from typing import Any

from django import template

from accounts.models import User
from blogs.models import BlogPost
from blogs.roles import Action, may_all
from generation.reporting.formatting import lasting, sum_of_dollars
from generation.reporting.overview import NO_WORKER, Hour, overview, review, review_of_all

register = template.Library()
WIDTH, GAP, HEIGHT = 12, 4, 60  # of a bar, in units of the chart


@dataclass(frozen=True)
class Bar:
    """An hour of the chart, as heights: failed ones are drawn on top of completed ones."""

    hour: Hour
    x: int
    completed: int
    failed: int

    @property
    def completed_top(self) -> int:
        return HEIGHT - self.completed

    @property
    def failed_top(self) -> int:
        return self.completed_top - self.failed


@register.inclusion_tag("generation/overview.html", takes_context=True)
def generation_overview(context: dict[str, Any]) -> dict[str, Any]:
    """Warn everybody who may view posts when no worker runs; show the numbers to those who may view every post."""
    user = context["request"].user
    if not (isinstance(user, User) and user.has_perm("blogs.view_blogpost")):
        return {}
    now, sees_all = overview(), may_all(user, Action.VIEW)
    oldest = now.queue.oldest_pending_seconds
    return {
        "overview": now,
        "sees_all": sees_all,
        "review": review_of_all() if sees_all else review(BlogPost.objects.of(user)),
        "oldest": "-" if oldest is None else lasting(oldest),
        "queued": now.queue.depth["pending"],
        "in_progress": now.queue.depth["in_progress"],
        "no_worker": NO_WORKER,
        "today": sum_of_dollars(now.today.cost, now.today.unknown),
        "month": sum_of_dollars(now.month.cost, now.month.unknown),
        "bars": bars(now.hours),
        "chart": {"width": len(now.hours) * (WIDTH + GAP) - GAP, "height": HEIGHT, "bar": WIDTH},
    }


def bars(hours: list[Hour]) -> list[Bar]:
    most = max((hour.completed + hour.failed for hour in hours), default=0)
    return [
        Bar(hour, index * (WIDTH + GAP), height(hour.completed, most), height(hour.failed, most))
        for index, hour in enumerate(hours)
    ]


def height(number: int, most: int) -> int:
    """Return a bar's height; any number above zero is visible."""
    return max(2, round(number / most * (HEIGHT - 4))) if number else 0
