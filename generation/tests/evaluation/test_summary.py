"""The measures of all posts."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from generation.evaluation.briefs import EvaluationBrief
from generation.evaluation.outcome import Outcome
from generation.evaluation.runs import result
from generation.evaluation.summary import interval, summarise
from generation.tests.evaluation.damages import FERRY, NEGATIONS, replaced

BRIEF = EvaluationBrief("ferry", "how-to", FERRY.title, FERRY.notes)
GOOD = Outcome(FERRY.text, seconds=4.0, completion_tokens=300)


def results(*outcomes: Outcome) -> list[dict[str, Any]]:
    return [result(BRIEF, outcome) for outcome in outcomes]


@for_all(st.lists(st.booleans(), min_size=1, max_size=30))
def test_an_interval_holds_the_mean(values: list[bool]) -> None:
    shares = [float(value) for value in values]
    low, high = interval(shares)
    assert 0 <= low <= round(sum(shares) / len(shares), 3) <= high <= 1


@pytest.mark.parametrize(
    ("values", "bounds"),
    [([1.0], (1, 1)), ([0.0, 1.0, 1.0], (0, 1)), ([1.0] * 9 + [0.0], (0.7, 1)), ([1.0] * 29 + [0.0], (0.9, 1))],
)
def test_an_interval_is_the_same_each_time(values: list[float], bounds: tuple[float, float]) -> None:
    assert interval(values) == interval(values) == bounds


def test_a_summary_has_means_intervals_times_and_tokens() -> None:
    sentence = "The ferry does not sail in fog."
    turned = replace(GOOD, text=replaced(FERRY, sentence, NEGATIONS[sentence]).text, seconds=8.0)
    summary = summarise(results(*[GOOD] * 9, turned))
    assert (summary["n"], summary["written_share"], summary["contradictions"]) == (10, 1, 0.1)
    assert summary["intervals"]["contradictions"] == (0, 0.3)
    assert (summary["seconds_median"], summary["seconds_p95"], summary["tokens_mean"]) == (4, 8, 300)


def test_a_failed_post_is_not_written_and_counts_in_no_other_measure() -> None:
    summary = summarise(results(GOOD, Outcome("", "timeout", "Too late.", seconds=100.0)))
    assert (summary["written_share"], summary["own_share"]) == (0.5, summarise(results(GOOD))["own_share"])
    assert summary["sane_share"] == summary["unharmed_share"] == 0.5


def test_a_summary_of_failures_knows_no_measure() -> None:
    summary = summarise(results(Outcome("", "timeout", "Too late.")))
    assert summary["contradictions"] is None
    assert "contradictions" not in summary["intervals"]
