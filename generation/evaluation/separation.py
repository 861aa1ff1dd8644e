"""Whether a measure tells what a reader keeps from what he does not: the AUC, with an interval.

The AUC is the chance that of a good thing and a bad one, drawn at random, the measure puts the good one higher: 1 is
always, 0.5 is no better than a coin.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from generation.evaluation.labels import LabelledPost, PostLabels, Reading
from generation.evaluation.measures import MEASURES, Measure, OfSentence

LEAST = 0.65  # a measure that separates less is not called quality
RESAMPLES, SEED = 1000, 2026
Group = tuple[Sequence[float], Sequence[float]]


@dataclass(frozen=True)
class Auc:
    """An AUC and its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def separates(self) -> bool:
        return self.value >= LEAST and self.low > 0.5


def auc(groups: Sequence[Group]) -> Auc | None:
    """Return how well scores separate good from bad; None if there is nothing good, or nothing bad.

    The interval is by bootstrap over the groups, since sentences of one post are alike.

    Args:
        groups: for each post the scores of what is good in it, and of what is bad.
    """
    wins = [[_wins(good, sorted(bad)) for _, bad in groups] for good, _ in groups]
    value = _auc(groups, wins, dict.fromkeys(range(len(groups)), 1))
    if value is None:
        return None
    source = random.Random(SEED)
    draws = (Counter(source.choices(range(len(groups)), k=len(groups))) for _ in range(RESAMPLES))
    drawn = sorted(one for one in (_auc(groups, wins, draw) for draw in draws) if one is not None)
    return Auc(round(value, 3), *(round(drawn[int(share * (len(drawn) - 1))], 3) for share in (0.025, 0.975)))


def _wins(good: Sequence[float], bad: Sequence[float]) -> float:
    """Return how often a good score is above a bad one; ties count half. `bad` is sorted."""
    return sum(bisect_left(bad, one) + bisect_right(bad, one) for one in good) / 2


def _auc(groups: Sequence[Group], wins: Sequence[Sequence[float]], times: dict[int, int]) -> float | None:
    """Return the AUC when each group counts so many times."""
    good = sum(count * len(groups[place][0]) for place, count in times.items())
    bad = sum(count * len(groups[place][1]) for place, count in times.items())
    won = sum(one * other * wins[row][column] for row, one in times.items() for column, other in times.items())
    return won / (good * bad) if good and bad else None


@dataclass(frozen=True)
class Separation:
    """What a measure tells apart.

    Args:
        measure: its name.
        posts: posts that are kept as a draft from those that are not.
        sentences: sentences that are kept from all others; None for a measure of posts only.
        label: all other sentences from those with the label that it is to find; None too if that is `keep`.
    """

    measure: str
    posts: Auc | None
    sentences: Auc | None
    label: Auc | None

    @property
    def separates(self) -> bool:
        """Whether one of the three is at least `LEAST`, with an interval above a coin's."""
        return any(one is not None and one.separates for one in (self.posts, self.sentences, self.label))

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"separates": self.separates}


def separations(posts: Sequence[LabelledPost], reading: Reading) -> list[Separation]:
    """Return what each measure tells apart, by the labels of a reading."""
    return [_separation(measure, posts, reading) for measure in MEASURES]


def _separation(measure: Measure, posts: Sequence[LabelledPost], reading: Reading) -> Separation:
    whole = auc([_of_post(measure, post, reading[post.id]) for post in posts])
    if measure.of_sentence is None:
        return Separation(measure.name, whole, None, None)
    scored = [(_scores(measure, measure.of_sentence, post), reading[post.id].labels) for post in posts]
    kept = auc([_divided(scores, labels, lambda label: label == "keep") for scores, labels in scored])
    if measure.finds == "keep":
        return Separation(measure.name, whole, kept, None)
    found = auc([_divided(scores, labels, lambda label: label != measure.finds) for scores, labels in scored])
    return Separation(measure.name, whole, kept, found)


def _of_post(measure: Measure, post: LabelledPost, labels: PostLabels) -> Group:
    value = measure.of_post(post.post)
    scores = [] if value is None else [_score(measure, value)]
    return (scores, []) if labels.is_kept else ([], scores)


def _scores(measure: Measure, of_sentence: OfSentence, post: LabelledPost) -> list[float]:
    return [_score(measure, of_sentence(post.post, sentence)) for sentence in post.sentences]


def _score(measure: Measure, value: float) -> float:
    return float(value) if measure.high_is_good else -float(value)


def _divided(scores: Sequence[float], labels: Sequence[str], is_good: Callable[[str], bool]) -> Group:
    """Return the scores of the sentences whose label is good, and of all others."""
    pairs = list(zip(scores, labels, strict=True))
    return [score for score, label in pairs if is_good(label)], [score for score, label in pairs if not is_good(label)]
