"""What a reader kept, by who wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from generation.evaluation.labels import LABELS, LabelledPost, Reading


@dataclass(frozen=True)
class Kept:
    """What a reader said of the posts of one source.

    Args:
        posts: how many there are.
        kept: the share that is kept as a draft.
        sentences: how many they have.
        labels: the share of the sentences with each label.
    """

    posts: int
    kept: float
    sentences: int
    labels: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def kept_by_source(posts: Sequence[LabelledPost], reading: Reading) -> dict[str, Kept]:
    """Return what a reader kept of each source, in the order of their names."""
    sources = sorted({post.source for post in posts})
    return {source: _kept([post for post in posts if post.source == source], reading) for source in sources}


def _kept(posts: Sequence[LabelledPost], reading: Reading) -> Kept:
    labels = Counter(label for post in posts for label in reading[post.id].labels)
    return Kept(
        len(posts),
        round(sum(reading[post.id].is_kept for post in posts) / len(posts), 3),
        labels.total(),
        {label: round(labels[label] / labels.total(), 3) for label in LABELS},
    )
