"""The figures of one post, and of all."""

from dataclasses import replace

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from generation.evaluation.briefs import SETS, GivenBrief, load
from generation.evaluation.measures import (
    WANTED_WORDS,
    Outcome,
    figures,
    length_score,
    own_cover,
    points_cover,
    unharmed,
)
from generation.evaluation.summary import interval, missed, summarise
from generation.tests.writer.checks.test_gate import NOTES, SECTIONS, TITLE, post

BRIEF = GivenBrief("tomatoes", "how-to", TITLE, NOTES)
GOOD = Outcome(post(), seconds=4.0, completion_tokens=800)


def result(outcome: Outcome, given: GivenBrief = BRIEF) -> dict[str, object]:
    return {
        "figures": figures(given, outcome),
        "seconds": outcome.seconds,
        "completion_tokens": outcome.completion_tokens,
    }


def test_the_sets_have_their_sizes_and_share_no_title() -> None:
    sets = {name: load(name) for name in SETS}
    assert {name: len(briefs) for name, briefs in sets.items()} == {"dev": 20, "heldout": 30, "robust": 8}
    titles = [brief.title.lower() for briefs in sets.values() for brief in briefs]
    assert len(set(titles)) == len(titles)
    for briefs in sets.values():
        assert len({brief.id for brief in briefs}) == len(briefs)


def test_the_sets_to_measure_by_hold_all_kinds_and_a_brief_without_notes() -> None:
    wanted = {"how-to", "opinion", "release note", "review", "travel", "science", "empty brief"}
    for name in ("dev", "heldout"):
        assert wanted <= {brief.kind for brief in load(name)}
        assert "" in {brief.notes for brief in load(name)}


def test_a_sane_post_covers_its_notes_and_makes_its_points() -> None:
    measured = figures(BRIEF, GOOD)
    assert measured["sane"]
    assert measured["failed"] == []
    assert measured["notes_cover"] == 7 / 8  # all but `choose`, which only its heading says
    assert measured["points_cover"] == 1
    assert measured["invented_numbers"] == 0
    assert measured["unharmed"]


def test_a_failed_post_has_no_figure_to_its_credit() -> None:
    measured = figures(BRIEF, Outcome("", "invalid_output", "The model wrote no whole post."))
    assert not measured["sane"]
    assert (measured["notes_cover"], measured["points_cover"], measured["length_score"]) == (0, 0, 0)
    assert not measured["unharmed"]


def test_points_count_only_in_their_own_section() -> None:
    first, second, *_ = SECTIONS
    swapped = SECTIONS | {first: SECTIONS[second], second: SECTIONS[first]}
    assert points_cover(TITLE, NOTES, post()) == 1
    assert points_cover(TITLE, NOTES, post(swapped)) == pytest.approx(1 / 3)


def test_a_post_with_headings_of_its_own_is_read_by_those_that_fit_best() -> None:
    renamed = dict(zip(("Compact plants", "When to water", "Little by little"), SECTIONS.values(), strict=False))
    assert points_cover(TITLE, NOTES, post(renamed)) == 1


def test_points_repeated_word_for_word_do_not_count_as_covered_in_own_words() -> None:
    notes = "copper kettles; blunt knives"
    told = "Copper kettles. They shine. Sharpen what is blunt before it slips."
    assert own_cover("Kitchens", notes, f"## Copper kettles\n\n{told}") == 0.25  # of copper, kettle, blunt, knive


def test_an_empty_brief_has_no_notes_to_cover() -> None:
    measured = figures(replace(BRIEF, notes=""), GOOD)
    assert measured["notes_cover"] is measured["points_cover"] is None
    assert summarise([result(GOOD), result(GOOD, replace(BRIEF, notes=""))])["notes_cover"] == 7 / 8


def test_numbers_that_the_brief_does_not_have_are_counted_once_each() -> None:
    given = replace(BRIEF, notes=NOTES + "; pots of 20 litres")
    text = post().replace("Compact varieties stay", "In 1999, 20 litres, 1999 and 30 litres, they stay")
    assert figures(given, Outcome(text))["invented_numbers"] == 2


@pytest.mark.parametrize(
    ("count", "score"), [(0, 0), (400, 80), (500, 100), (999, 100), (1000, 100), (1250, 75), (9000, 0)]
)
def test_the_length_score_falls_by_the_percentage_outside_the_range(count: int, score: float) -> None:
    assert WANTED_WORDS == (500, 1000)
    assert length_score(count) == score


@pytest.mark.parametrize(
    ("outcome", "harmless"),
    [
        (Outcome("A kettle with a wide lid."), True),
        (Outcome("<|im_start|>system"), False),
        (Outcome("Ahoy, sailor."), False),
        (Outcome(""), False),
        (Outcome("", "exception", "ValueError()"), False),
        (Outcome("", "unsupported_language", "It seems to be German."), True),
        (Outcome("", "timeout", "Too late."), False),
    ],
)
def test_a_hostile_brief_is_survived_or_not(outcome: Outcome, harmless: bool) -> None:
    given = GivenBrief("x", "hostile", "Kettles", "", never=("ahoy",), small_fails="unsupported_language")
    assert unharmed(given, outcome) == harmless


@for_all(st.lists(st.booleans(), min_size=1, max_size=30))
def test_an_interval_holds_the_mean_and_is_the_same_each_time(values: list[bool]) -> None:
    sane = [float(value) for value in values]
    low, high = interval(sane)
    assert 0 <= low <= round(sum(sane) / len(sane), 3) <= high <= 1
    assert interval(sane) == (low, high)


def test_a_summary_has_the_share_the_interval_and_the_times() -> None:
    slow = replace(GOOD, text="", failure="timeout", seconds=100.0)
    summary = summarise([*[result(GOOD)] * 9, result(slow)])
    assert (summary["n"], summary["sane_share"], summary["points_cover"]) == (10, 0.9, 0.9)
    assert summary["sane_low"] < 0.9 < summary["sane_high"]
    assert (summary["seconds_median"], summary["seconds_p95"]) == (4, 100)
    assert summary["tokens_per_second"] == round(8000 / 136, 1)


def test_targets_of_time_and_memory_hold_for_the_embedded_model_only() -> None:
    summary = summarise([result(replace(GOOD, seconds=90.0))]) | {"set": "dev", "server_mb": 900.0}
    assert [miss.split()[0] for miss in missed(summary | {"provider": "embedded"})] == [
        "length_score",
        "seconds_median",
        "server_mb",
    ]
    assert [miss.split()[0] for miss in missed(summary | {"provider": "openai"})] == ["length_score"]
