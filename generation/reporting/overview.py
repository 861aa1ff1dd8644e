"""The overview of generations on the admin's first page: the queue, the last day, and what was spent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncHour
from django.utils import timezone

from blogs.models import BlogPost, waits_for_review
from generation.models import Generation, State, has_proposal
from generation.reporting import stats
from generation.reporting.kept import kept

CACHED_FOR = 10.0  # seconds; the sums are over a month of generations
HOURS = 24
NO_WORKER = "Posts are queued, but no worker is running."


@dataclass(frozen=True)
class Hour:
    """How many generations completed and failed in the hour that began at `begin`."""

    begin: datetime
    completed: int
    failed: int


@dataclass(frozen=True)
class Spent:
    """Args:
    cost: US dollars, of those generations whose cost is known; None if there are none.
    unknown: generations whose cost is not known.
    """

    tokens: int
    cost: Decimal | None
    unknown: int = 0


@dataclass(frozen=True)
class Review:
    """How many posts wait for a person: a newest text that readers do not see, and a proposal."""

    waiting: int
    proposed: int


@dataclass(frozen=True)
class Overview:
    """Args:
    hours: of the last day, oldest first, none left out.
    """

    queue: stats.Queue
    hours: list[Hour]
    today: Spent
    month: Spent

    @property
    def completed(self) -> int:
        return sum(hour.completed for hour in self.hours)

    @property
    def failed(self) -> int:
        return sum(hour.failed for hour in self.hours)

    @property
    def lacks_workers(self) -> bool:
        """Whether generations are unfinished and no worker was seen recently."""
        return any(self.queue.depth.values()) and not self.queue.workers


def overview() -> Overview:
    """Return the queue as of a second ago, and sums that are some CACHED_FOR seconds old."""
    return Overview(stats.recent_queue(), *kept("generation:overview", lambda: (last_hours(), *spent()), CACHED_FOR))


def review(posts: QuerySet[BlogPost]) -> Review:
    """Return what waits for a decision among `posts`."""
    return Review(posts.filter(waits_for_review()).count(), posts.filter(has_proposal()).count())


def review_of_all() -> Review:
    """Return what waits among all posts, some CACHED_FOR seconds ago."""
    return kept("generation:review", lambda: review(BlogPost.objects.all()), CACHED_FOR)


def last_hours() -> list[Hour]:
    newest = timezone.now().replace(minute=0, second=0, microsecond=0)
    begins = [newest - timedelta(hours=back) for back in reversed(range(HOURS))]
    ended = Generation.objects.filter(finished_at__gte=begins[0], status__in=(State.COMPLETED, State.FAILED))
    by_hour = ended.order_by().annotate(hour=TruncHour("finished_at"))
    counted = {(hour, status): n for hour, status, n in by_hour.values_list("hour", "status").annotate(n=Count("pk"))}
    return [
        Hour(begin, counted.get((begin, State.COMPLETED), 0), counted.get((begin, State.FAILED), 0)) for begin in begins
    ]


def spent() -> tuple[Spent, Spent]:
    """Return what the generations that finished today and this month have spent."""
    day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    month, today = day.replace(day=1), Q(finished_at__gte=day)
    tokens = ("prompt_tokens", "completion_tokens", "cost")
    of_unknown_cost = Q(cost=None, calls__gt=0)
    sums = Generation.objects.filter(finished_at__gte=month).aggregate(
        **{f"month_{name}": Sum(name) for name in tokens},
        **{f"day_{name}": Sum(name, filter=today) for name in tokens},
        month_unknown=Count("pk", filter=of_unknown_cost),
        day_unknown=Count("pk", filter=today & of_unknown_cost),
    )
    return tuple(
        Spent(
            (sums[f"{span}_prompt_tokens"] or 0) + (sums[f"{span}_completion_tokens"] or 0),
            sums[f"{span}_cost"],
            sums[f"{span}_unknown"],
        )
        for span in ("day", "month")
    )  # type: ignore[return-value]
