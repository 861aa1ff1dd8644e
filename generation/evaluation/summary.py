"""The measures of all posts as one summary, with an interval over the briefs."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Iterable, Sequence
from typing import Any

from generation.evaluation.measures import MEASURES

RESAMPLES, SEED = 10_000, 2026


def summarise(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the mean of each measure over all posts, and under `intervals` its 95 % interval over the briefs.

    Args:
        results: as `runs.result` returns them, for at least one brief.
    """
    columns = {
        "written_share": [float(not result["failure"]) for result in results],
        **{one.name: [result["measures"].get(one.name) for result in results] for one in MEASURES},
    }
    known = {name: [float(value) for value in column if value is not None] for name, column in columns.items()}
    seconds = sorted(result["seconds"] for result in results)
    return {
        "n": len(results),
        **{name: mean(values) for name, values in known.items()},
        "intervals": {name: interval(values) for name, values in known.items() if values},
        "words_median": statistics.median(result["sanity"]["words"] for result in results),
        "seconds_median": round(statistics.median(seconds), 1),
        "seconds_p95": round(seconds[math.ceil(0.95 * len(seconds)) - 1], 1),
        "tokens_mean": mean(result["completion_tokens"] for result in results),
        "unharmed_share": mean(result["unharmed"] for result in results),
        "sane_share": mean(result["sanity"]["sane"] for result in results),
    }


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of the mean of `values`; the same for the same values."""
    if len(set(values)) == 1:
        return round(values[0], 3), round(values[0], 3)  # as most measures of most runs are
    size = len(values)
    draws = random.Random(SEED).choices(values, k=size * RESAMPLES)
    means = sorted(sum(draws[start : start + size]) / size for start in range(0, len(draws), size))
    return round(means[int(0.025 * RESAMPLES)], 3), round(means[int(0.975 * RESAMPLES) - 1], 3)


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the known values."""
    known = [float(value) for value in values if value is not None]
    return round(statistics.fmean(known), 3) if known else None
