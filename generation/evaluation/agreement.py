"""How far two readers agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from generation.evaluation.labels import LabelledPost, Reading


@dataclass(frozen=True)
class Agreement:
    """Two readings of the same things.

    Args:
        count: of things.
        equal: the share that both called the same.
        kappa: Cohen's: 1 if they always agree, 0 if as often as by chance; None if both used one word for all.
    """

    count: int
    equal: float
    kappa: float | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def agreement(first: Sequence[Hashable], second: Sequence[Hashable]) -> Agreement:
    """Return how far two readings agree.

    Args:
        first: the words of one reader; not empty.
        second: those of the other for the same things, in the same order.
    """
    count = len(first)
    equal = sum(one == other for one, other in zip(first, second, strict=True)) / count
    used = Counter(first), Counter(second)
    chance = sum(used[0][word] * used[1][word] for word in used[0]) / count**2
    kappa = None if chance == 1 else round((equal - chance) / (1 - chance), 3)
    return Agreement(count, round(equal, 3), kappa)


def agreements(posts: Sequence[LabelledPost], first: Reading, second: Reading) -> dict[str, Agreement]:
    """Return how far two readings agree on sentences (all labels; kept or not) and on whole posts."""
    one, other = ([label for post in posts for label in reading[post.id].labels] for reading in (first, second))
    kept_one, kept_other = ([reading[post.id].is_kept for post in posts] for reading in (first, second))
    return {
        "labels": agreement(one, other),
        "sentences_kept": agreement([label == "keep" for label in one], [label == "keep" for label in other]),
        "posts_kept": agreement(kept_one, kept_other),
    }
