"""The overview for the template of the admin's first page."""

from dataclasses import dataclass
from typing import Any

from django import template

from accounts.models import User
from blogs.roles import edits_every_post
from generation.reporting.formatting import dollars, lasting
from generation.reporting.overview import Hour, overview

register = template.Library()
WIDTH, GAP, HEIGHT = 12, 4, 60  # of a bar of the chart, in its own units


@dataclass(frozen=True)
class Bar:
    """An hour of the chart: failed ones stand on completed ones."""

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
def newsroom(context: dict[str, Any]) -> dict[str, Any]:
    """Show how the work stands to those who may look at posts; figures of all posts to those who edit all."""
    user = context["request"].user
    if not (isinstance(user, User) and user.has_perm("blogs.view_blogpost")):
        return {}
    now = overview()
    oldest = now.queue.oldest_pending_seconds
    return {
        "overview": now,
        "sees_all": edits_every_post(user),
        "oldest": "-" if oldest is None else lasting(oldest),
        "waiting": now.queue.depth["pending"],
        "running": now.queue.depth["in_progress"],
        "today": dollars(now.today.cost),
        "month": dollars(now.month.cost),
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
    """Return a bar's height; what is not nothing can be seen."""
    return max(2, round(number / most * (HEIGHT - 4))) if number else 0
