"""Queue, generation and model statistics, for operators."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Sum
from django.utils import timezone

from generation.models import UNFINISHED, Generation, State, WorkerSeen, from_now

SEEN_LATELY = 20.0  # seconds; a worker is seen every five


@dataclass(frozen=True)
class Queue:
    """Args:
    depth: unfinished generations by status.
    oldest_pending_seconds: None when none is pending.
    workers: `manage.py worker`s seen recently, busy or idle.
    """

    depth: dict[str, int]
    oldest_pending_seconds: float | None
    workers: int


@dataclass(frozen=True)
class ModelUsage:
    """What one model spent; `seconds` is the sum over `finished` generations, `cost` US dollars."""

    model: str
    finished: int
    seconds: float
    calls: int
    tokens: dict[str, int]
    cost: float


def queue() -> Queue:
    unfinished = Generation.objects.unfinished().order_by()
    counted = dict(unfinished.values_list("status").annotate(number=Count("pk")))
    oldest = unfinished.filter(status=State.PENDING).aggregate(oldest=Min("created_at"))["oldest"]
    return Queue(
        depth={status.value: counted.get(status, 0) for status in UNFINISHED},
        oldest_pending_seconds=max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else None,
        workers=WorkerSeen.objects.filter(seen_at__gte=from_now(-SEEN_LATELY)).count(),
    )


def generation_counts() -> dict[tuple[str, str, str], int]:
    """Return the number of generations by status, failure code and landing."""
    rows = Generation.objects.order_by().values_list("status", "failure_code", "landing").annotate(number=Count("pk"))
    return {(status, failure, landing): number for status, failure, landing, number in rows}


def model_usage() -> list[ModelUsage]:
    took = ExpressionWrapper(F("finished_at") - F("started_at"), DurationField())
    written = Generation.objects.exclude(model="").order_by()
    rows = written.values("model").annotate(
        finished=Count("finished_at"),
        took=Sum(took),
        calls_made=Sum("calls"),
        prompt=Sum("prompt_tokens"),
        cached=Sum("cached_tokens"),
        completion=Sum("completion_tokens"),
        dollars=Sum("cost"),
    )
    return [
        ModelUsage(
            model=row["model"],
            finished=row["finished"],
            seconds=(row["took"] or timedelta()).total_seconds(),
            calls=row["calls_made"],
            tokens={kind: row[kind] for kind in ("prompt", "cached", "completion")},
            cost=float(row["dollars"] or 0),
        )
        for row in rows
    ]
