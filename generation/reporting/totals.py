"""Totals of all generations, of which the finished ones are added up once and for all, in pieces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass, fields
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, FloatField, Func, Q, Sum

from generation.models import Generation, RunningTotals, from_now

PIECE = 1_000  # generations that one fold adds
SETTLED_AFTER = 60.0  # seconds; every transaction that ends a generation is shorter
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
LABELS = ("status", "failure_code", "landing", "model")


class Seconds(Func):
    """From one moment to an earlier one; on SQLite Django's difference is a call of Python for each row."""

    template, arg_joiner = "EXTRACT(EPOCH FROM %(expressions)s)", " - "
    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        later, earlier = (compiler.compile(moment) for moment in self.get_source_expressions())
        return f"((julianday({later[0]}) - julianday({earlier[0]})) * 86400)", [*later[1], *earlier[1]]


@dataclass
class Total:
    """What generations with the same labels add up to; `seconds` is the time from fetch to end, `cost` US dollars."""

    number: int = 0
    finished: int = 0
    seconds: float = 0.0
    calls: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost: Decimal = Decimal(0)

    def add(self, other: Total) -> None:
        for name, value in zip(NAMES, astuple(other), strict=True):
            setattr(self, name, getattr(self, name) + value)


NAMES = tuple(field.name for field in fields(Total))
Labels = tuple[str, ...]  # in the order of LABELS


def totals() -> dict[Labels, Total]:
    """Return the totals by status, failure code, landing and model: those that are kept, and what came later."""
    kept = RunningTotals.objects.first()
    later = Q(finished_at=None) | Q(finished_at__gt=kept.until if kept else FIRST)
    return merged(from_json(kept.rows) if kept else {}, added_up(later))


def fold() -> bool:
    """Add finished generations to the kept totals; return whether more are left.

    For a worker's tick: it reads at most PIECE generations, and any number of workers may do it at once.
    """
    kept, _ = RunningTotals.objects.get_or_create(pk=1, defaults={"until": FIRST})
    settled = Generation.objects.filter(finished_at__gt=kept.until, finished_at__lte=from_now(-SETTLED_AFTER))
    ends = list(settled.order_by("finished_at").values_list("finished_at", flat=True)[:PIECE])
    if not ends:
        return False
    piece = added_up(Q(finished_at__gt=kept.until, finished_at__lte=ends[-1]))
    rows = as_json(merged(from_json(kept.rows), piece))
    RunningTotals.objects.filter(pk=1, until=kept.until).update(until=ends[-1], rows=rows)  # unless another was faster
    return len(ends) == PIECE


def added_up(which: Q) -> dict[Labels, Total]:
    took = Seconds("finished_at", "started_at")
    sums = {name: Sum(name) for name in NAMES[3:]}
    rows = Generation.objects.filter(which).order_by().values_list(*LABELS)
    rows = rows.annotate(
        total=Count("pk"), ended=Count("finished_at"), took=Sum(took), **{f"sum_{n}": s for n, s in sums.items()}
    )
    return {row[:4]: total_of(*row[4:]) for row in rows}


def total_of(number: int, finished: int, took: float | None, *sums: Any) -> Total:
    """Return a total of what the database added up, which is null where there was nothing to add."""
    total = Total(number, finished, took or 0.0)
    for name, value in zip(NAMES[3:], sums, strict=True):
        setattr(total, name, value or getattr(total, name))
    return total


def merged(*many: dict[Labels, Total]) -> dict[Labels, Total]:
    found: dict[Labels, Total] = defaultdict(Total)
    for some in many:
        for labels, total in some.items():
            found[labels].add(total)
    return dict(found)


def as_json(some: dict[Labels, Total]) -> list[Any]:
    return [[*labels, asdict(total) | {"cost": str(total.cost)}] for labels, total in some.items()]


def from_json(rows: Iterable[Any]) -> dict[Labels, Total]:
    return {tuple(labels): Total(**sums | {"cost": Decimal(sums["cost"])}) for *labels, sums in rows}
