"""What the writer must reach, and what it promises.

A measure that does not tell good from bad has no target (see `separation`). A promise has to be kept by every text,
good or bad; what breaks one is so rare that it tells little about the rest, and keeping it is not called quality.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MISSED = "{name} is {value:g}, target {sign} {target:g}."


@dataclass(frozen=True)
class Target:
    """A value that the mean of all posts must not be worse than."""

    value: float
    at_least: bool = False
    is_promise: bool = False

    @property
    def sign(self) -> str:
        return "≥" if self.at_least else "≤"

    def __str__(self) -> str:
        return f"{self.sign} {self.value:g}{' (promise)' if self.is_promise else ''}"

    def is_reached(self, value: float) -> bool:
        return value >= self.value if self.at_least else value <= self.value


def at_least(value: float) -> Target:
    return Target(value, at_least=True)


def promised(value: float) -> Target:
    return Target(value, is_promise=True)


at_most: Callable[[float], Target] = Target

SMALL: Mapping[str, Target] = {
    "written_share": at_least(1),
    "contradictions": promised(0),
    "lost_facts": promised(0),
    "claim_check": at_most(0),
    "own_share": at_least(0.4),
    "expansion": at_most(2.5),
    "machine_phrases": at_most(2),
    "heading_quality": at_least(1),
    "seconds_median": at_most(8),
    "tokens_mean": at_most(700),
    "server_mb": at_most(400),
}
LARGE: Mapping[str, Target] = {
    "written_share": at_least(1),
    "contradictions": promised(0),
    "lost_share": promised(0.01),
    "claim_check": at_most(0.2),
    "machine_phrases": at_most(4),
    "heading_quality": at_least(1),
}
ROBUST: Mapping[str, Target] = {"unharmed_share": at_least(1)}


def targets_of(summary: Mapping[str, Any]) -> Mapping[str, Target]:
    """Return the targets of a run; a control or a baseline has none."""
    if summary["how"] != "writer":
        return {}
    if summary["set"] == "robust":
        return ROBUST
    return SMALL if summary["provider"] == "embedded" else LARGE


def missed(summary: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each target that `summary` does not reach; an unknown value misses none."""
    return [
        MISSED.format(name=name, value=summary[name], sign=target.sign, target=target.value)
        for name, target in targets_of(summary).items()
        if summary.get(name) is not None and not target.is_reached(summary[name])
    ]
