"""Queue, generation and model statistics, for operators."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, DurationField, ExpressionWrapper, Min
from django.db.models.functions import Now

from generation.costs import EMBEDDED_MODEL
from generation.models import UNFINISHED, Generation, SitePause, State, WorkerSeen, from_now
from generation.reporting.kept import kept
from generation.reporting.totals import Labels, Total

SEEN_LATELY = 20.0  # seconds; a worker is seen every five
COUNTED_EVERY = 1.0  # seconds; counting costs more the longer the queue is
Totals = dict[Labels, Total]


@dataclass(frozen=True)
class Queue:
    """Args:
    depth: unfinished generations by status.
    oldest_pending_seconds: None when none is pending.
    workers: `manage.py worker`s seen recently, busy or idle.
    is_paused: whether all writing is paused.
    """

    depth: dict[str, int]
    oldest_pending_seconds: float | None
    workers: int
    is_paused: bool


@dataclass(frozen=True)
class ModelUsage:
    """What one model spent; `seconds` is the sum over `finished` generations.

    `cost` is in US dollars, of what is known of it; None if nothing is.
    """

    model: str
    finished: int
    seconds: float
    calls: int
    tokens: dict[str, int]
    cost: float | None


def recent_queue() -> Queue:
    """Return the state of the queue, a few seconds old at most: for those who may be asked by anybody."""
    return kept("generation:queue", queue, COUNTED_EVERY)


def queue() -> Queue:
    unfinished = Generation.objects.unfinished().order_by()
    counted = dict(unfinished.values_list("status").annotate(number=Count("pk")))
    pending = unfinished.filter(status=State.PENDING)
    age = ExpressionWrapper(Now() - Min("created_at"), DurationField())  # by the database's clock: hosts' differ
    oldest = pending.aggregate(age=age)["age"]
    return Queue(
        depth={status.value: counted.get(status, 0) for status in UNFINISHED},
        oldest_pending_seconds=max(0.0, oldest.total_seconds()) if oldest is not None else None,
        workers=WorkerSeen.objects.filter(seen_at__gte=from_now(-SEEN_LATELY)).count(),
        is_paused=SitePause.objects.exists(),
    )


def generation_counts(found: Totals) -> dict[tuple[str, str, str], int]:
    """Return the number of generations by status, failure code and landing."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for (status, failure, landing, _), total in found.items():
        counts[status, failure, landing] += total.number
    return dict(counts)


def model_usage(found: Totals) -> list[ModelUsage]:
    models: dict[str, Total] = defaultdict(Total)
    for (*_, model), total in found.items():
        if model:
            models[model].add(total)
    return [
        ModelUsage(
            model=model,
            finished=total.finished,
            seconds=total.seconds,
            calls=total.calls,
            tokens={kind: getattr(total, f"{kind}_tokens") for kind in ("prompt", "cached", "completion")},
            cost=float(total.cost) if total.cost or model == EMBEDDED_MODEL else None,
        )
        for model, total in sorted(models.items())
    ]
