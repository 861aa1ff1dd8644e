"""Whether a measure tells good from bad."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from generation.evaluation.labels import LabelledPost, PostLabels
from generation.evaluation.measures import MEASURES
from generation.evaluation.post import Post
from generation.evaluation.separation import Auc, auc, separations

SCORES = st.lists(st.integers(0, 4).map(float), max_size=6)


def by_counting(good: list[float], bad: list[float]) -> float:
    return sum((one > other) + (one == other) / 2 for one in good for other in bad) / (len(good) * len(bad))


@for_all(st.lists(st.tuples(SCORES, SCORES), max_size=5))
def test_an_auc_is_the_share_of_pairs_in_order_and_lies_in_its_interval(
    groups: list[tuple[list[float], list[float]]],
) -> None:
    good, bad = ([score for group in groups for score in group[side]] for side in (0, 1))
    found = auc(groups)
    if not good or not bad:
        assert found is None
    else:
        assert found is not None
        assert found.value == pytest.approx(by_counting(good, bad), abs=0.001)
        assert 0 <= found.low <= found.high <= 1


def test_an_interval_is_by_posts_and_the_same_each_time() -> None:
    alike = [([1.0] * 50, [0.0] * 50), ([0.0] * 50, [1.0] * 50)] * 2
    assert auc(alike) == auc(alike)
    found = auc(alike)
    assert found is not None
    assert found.high - found.low > 0.9  # as wide as of four things, not of four hundred


@pytest.mark.parametrize(("one", "separates"), [((0.65, 0.51, 0.8), 1), ((0.64, 0.6, 0.7), 0), ((0.7, 0.5, 0.9), 0)])
def test_a_measure_separates_from_two_thirds_on_and_not_by_chance(one: tuple[float, ...], separates: int) -> None:
    assert Auc(*one).separates == separates


def labelled(number: int, text: str, label: str) -> tuple[LabelledPost, PostLabels]:
    post = Post("Lentil soup", "fry the onions first; lentils need no soaking at all", text)
    return LabelledPost(f"post-{number}", "large", post.sentences, post), PostLabels(
        (label,) * len(post.sentences), label == "keep"
    )


def test_measures_are_compared_with_the_labels_of_posts_and_sentences() -> None:
    good = [labelled(number, "Fry the onions first. Lentils need no soaking.", "keep") for number in range(4)]
    bad = [labelled(number, "Grandma sang. Wise penguins polish trombones.", "stray") for number in range(4, 8)]
    posts = [post for post, _ in (*good, *bad)]
    found = separations(posts, {post.id: labels for post, labels in (*good, *bad)})
    by_name = {one.measure: one for one in found}

    assert list(by_name) == [measure.name for measure in MEASURES]
    assert by_name["own_share"].posts == by_name["own_share"].sentences == Auc(1, 1, 1)
    assert by_name["own_share"].label is None
    assert by_name["stray_sentences"].label == Auc(1, 1, 1)
    assert by_name["contradictions"].posts == Auc(0.5, 0.5, 0.5)
    assert by_name["lost_facts"].sentences is None
    assert by_name["heading_quality"].posts is None
    assert by_name["own_share"].separates
    assert not by_name["contradictions"].separates
