"""Whether headings are headings."""

import pytest

from generation.evaluation.headings import is_cut, is_good


@pytest.mark.parametrize(
    ("heading", "following"),
    [
        ("Opening hours", "The doors open at 8."),
        ("Rent increases", "Rent increases are limited."),
        ("Where to put it", ""),
        ("A test twice a year", "Test a restore twice a year."),
    ],
)
def test_a_short_phrase_is_a_heading(heading: str, following: str) -> None:
    assert is_good(heading, following)


@pytest.mark.parametrize(
    ("heading", "following"),
    [
        ("Conclusion", "All is well."),
        ("The eight words of this heading are many", "Short."),
        ("Messages are deleted", "Messages are deleted."),
        ("Doors open at 8:00 and", "They do."),
        ("Turn off the water under", "Turn off the water under the sink."),
        ("Turn off the water", "Turn off the water under the sink."),
    ],
)
def test_one_word_a_sentence_or_a_part_of_one_is_none(heading: str, following: str) -> None:
    assert not is_good(heading, following)


@pytest.mark.parametrize(
    "heading", ["Bring a bag,", "The mill (and", "What it costs…", "Bees and", 'She said "never', "Notes on the"]
)
def test_a_heading_that_ends_inside_a_phrase_is_cut(heading: str) -> None:
    assert is_cut(heading)


@pytest.mark.parametrize("heading", ["What to bring", 'The "old" mill', "Prices (2024)"])
def test_a_whole_phrase_is_not_cut(heading: str) -> None:
    assert not is_cut(heading)
