"""The measures of all posts."""

from dataclasses import replace

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from generation.evaluation.briefs import EvaluationBrief
from generation.evaluation.measures import Outcome, measure_outcome
from generation.evaluation.summary import interval, missed, summarise
from generation.tests.writer.sample_post import NOTES, TITLE, post

BRIEF = EvaluationBrief("tomatoes", "how-to", TITLE, NOTES)
GOOD = Outcome(post(), seconds=4.0, completion_tokens=800)


def result(outcome: Outcome, brief: EvaluationBrief = BRIEF) -> dict[str, object]:
    return {
        "figures": measure_outcome(brief, outcome),
        "seconds": outcome.seconds,
        "completion_tokens": outcome.completion_tokens,
    }


@for_all(st.lists(st.booleans(), min_size=1, max_size=30))
def test_an_interval_holds_the_mean(values: list[bool]) -> None:
    sane = [float(value) for value in values]
    low, high = interval(sane)
    assert 0 <= low <= round(sum(sane) / len(sane), 3) <= high <= 1


@pytest.mark.parametrize(
    ("sane", "bounds"),
    [([1.0], (1, 1)), ([0.0, 1.0, 1.0], (0, 1)), ([1.0] * 9 + [0.0], (0.7, 1)), ([1.0] * 29 + [0.0], (0.9, 1))],
)
def test_an_interval_is_the_same_each_time(sane: list[float], bounds: tuple[float, float]) -> None:
    assert interval(sane) == interval(sane) == bounds


def test_a_summary_has_the_share_the_interval_and_the_times() -> None:
    slow = replace(GOOD, text="", failure="timeout", seconds=100.0)
    summary = summarise([*[result(GOOD)] * 9, result(slow)])
    assert (summary["n"], summary["sane_share"], summary["points_cover"]) == (10, 0.9, 0.9)
    assert summary["sane_low"] < 0.9 < summary["sane_high"]
    assert (summary["seconds_median"], summary["seconds_p95"]) == (4, 100)
    assert summary["tokens_per_second"] == round(8000 / 136, 1)


def test_a_post_without_notes_does_not_count_in_their_cover() -> None:
    without_notes = replace(BRIEF, notes="")
    assert summarise([result(GOOD), result(GOOD, without_notes)])["notes_cover"] == 7 / 8


def test_targets_of_time_and_memory_hold_for_the_embedded_model_only() -> None:
    summary = summarise([result(replace(GOOD, seconds=90.0))]) | {"set": "dev", "server_mb": 900.0}
    assert [miss.split()[0] for miss in missed(summary | {"provider": "embedded"})] == [
        "length_score",
        "seconds_median",
        "server_mb",
    ]
    assert [miss.split()[0] for miss in missed(summary | {"provider": "openai"})] == ["length_score"]
