"""The measures of one post."""

from dataclasses import replace

import pytest

from generation.evaluation.briefs import EvaluationBrief
from generation.evaluation.measures import (
    WANTED_WORDS,
    Outcome,
    length_score,
    measure_outcome,
    own_cover,
    points_cover,
    unharmed,
)
from generation.tests.writer.sample_post import NOTES, SECTIONS, TITLE, post

BRIEF = EvaluationBrief("tomatoes", "how-to", TITLE, NOTES)
GOOD = Outcome(post())


def test_a_sane_post_covers_its_notes_and_makes_its_points() -> None:
    measured = measure_outcome(BRIEF, GOOD)
    assert measured["sane"]
    assert measured["failed"] == []
    assert measured["notes_cover"] == 7 / 8  # all but `choose`, which only its heading says
    assert measured["points_cover"] == 1
    assert measured["invented_numbers"] == 0
    assert measured["unharmed"]


def test_a_failed_post_scores_nothing() -> None:
    measured = measure_outcome(BRIEF, Outcome("", "invalid_output", "The model wrote no whole post."))
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
    text = "Copper kettles. They shine. Sharpen what is blunt before it slips."
    assert own_cover("Kitchens", notes, f"## Copper kettles\n\n{text}") == 0.25  # of copper, kettle, blunt, knive


def test_an_empty_brief_has_no_notes_to_cover() -> None:
    measured = measure_outcome(replace(BRIEF, notes=""), GOOD)
    assert measured["notes_cover"] is measured["points_cover"] is None


def test_numbers_that_the_brief_does_not_have_are_counted_once_each() -> None:
    brief = replace(BRIEF, notes=NOTES + "; pots of 20 litres")
    text = post().replace("Compact varieties stay", "In 1999, 20 litres, 1999 and 30 litres, they stay")
    assert measure_outcome(brief, Outcome(text))["invented_numbers"] == 2


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
    brief = EvaluationBrief("x", "hostile", "Kettles", "", never=("ahoy",), small_fails="unsupported_language")
    assert unharmed(brief, outcome) == harmless
