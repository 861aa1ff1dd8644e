"""The measures of all posts as one summary, with an interval and targets."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Any

RESAMPLES, SEED = 10_000, 2026
AT_LEAST: tuple[Callable[[float, float], bool], str] = (lambda value, target: value >= target, "≥")
AT_MOST: tuple[Callable[[float, float], bool], str] = (lambda value, target: value <= target, "≤")
# What the small profile must reach; a large model too, except for time and memory, which are its provider's.
TARGETS: dict[str, tuple[tuple[Callable[[float, float], bool], str], float]] = {
    "sane_share": (AT_LEAST, 0.90),
    "notes_cover": (AT_LEAST, 0.80),
    "points_cover": (AT_LEAST, 0.85),
    "invented_numbers": (AT_MOST, 0),
    "length_score": (AT_LEAST, 80),
    "seconds_median": (AT_MOST, 30),
    "server_mb": (AT_MOST, 400),
}
ROBUST_TARGETS = {"unharmed_share": (AT_LEAST, 1.0)}
EMBEDDED_ONLY = ("seconds_median", "server_mb")
MISSED = "{name} is {value:g}, target {sign} {target:g}."


def summarise(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return means over all posts, and the 95 % interval of the share of sane ones.

    Args:
        results: for each brief its `figures` (see `measure_outcome`), `seconds` and `completion_tokens`.
    """
    rows = [result["figures"] for result in results]
    sane = [float(row["sane"]) for row in rows]
    seconds = sorted(result["seconds"] for result in results)
    low, high = interval(sane)
    return {
        "n": len(rows),
        "sane_share": mean(sane),
        "sane_low": low,
        "sane_high": high,
        "notes_cover": mean(row["notes_cover"] for row in rows),
        "own_cover": mean(row["own_cover"] for row in rows),
        "points_cover": mean(row["points_cover"] for row in rows),
        "invented_numbers": mean(row["invented_numbers"] for row in rows),
        "length_score": mean(row["length_score"] for row in rows),
        "unharmed_share": mean(row["unharmed"] for row in rows),
        "words_median": statistics.median(row["words"] for row in rows),
        "seconds_median": round(statistics.median(seconds), 1),
        "seconds_p95": round(seconds[math.ceil(0.95 * len(seconds)) - 1], 1),
        "tokens_per_second": round(sum(r["completion_tokens"] for r in results) / (sum(seconds) or 1), 1),
    }


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of the mean of `values`; the same for the same values."""
    size = len(values)
    draws = random.Random(SEED).choices(values, k=size * RESAMPLES)
    means = sorted(sum(draws[start : start + size]) / size for start in range(0, len(draws), size))
    return round(means[int(0.025 * RESAMPLES)], 3), round(means[int(0.975 * RESAMPLES) - 1], 3)


def missed(summary: dict[str, Any]) -> list[str]:
    """Return a sentence for each target that `summary` does not reach; an unknown value misses none."""
    targets = ROBUST_TARGETS if summary["set"] == "robust" else TARGETS
    applicable = {
        name: target
        for name, target in targets.items()
        if summary["provider"] == "embedded" or name not in EMBEDDED_ONLY
    }
    return [
        MISSED.format(name=name, value=summary[name], sign=sign, target=target)
        for name, ((reached, sign), target) in applicable.items()
        if summary[name] is not None and not reached(summary[name], target)
    ]


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the known values."""
    known = [float(value) for value in values if value is not None]
    return round(statistics.fmean(known), 3) if known else None
