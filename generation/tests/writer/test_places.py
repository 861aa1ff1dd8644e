"""Places that models copy from a text are found in it, however loosely they copy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.writer.places import LONGEST, Places

TEXT = "Water the pots\nin the   morning. She said: “Don’t wait.” Pots are pots."


@pytest.mark.parametrize(
    ("passage", "found"),
    [
        ("Water the pots in the morning.", "Water the pots\nin the   morning."),
        ('She said: "Don\'t wait."', "She said: “Don’t wait.”"),
        ("  Pots are pots. ", "Pots are pots."),
        ("Water the plants", ""),
        ("ots are", ""),  # not the middle of a word
        ("   ", ""),
        ("", ""),
    ],
)
def test_blanks_and_quotation_marks_may_differ(passage: str, found: str) -> None:
    assert Places(TEXT).first(passage) == found
    assert (passage in Places(TEXT)) == bool(found)


def test_a_passage_that_stands_there_twice_has_no_only_place() -> None:
    places = Places("Pots help. Sun helps. Pots help.")
    assert places.only("Pots help.") is None
    assert places.only("Sun helps.") == (11, 21)


def test_scripts_without_blanks_have_no_word_boundaries() -> None:
    assert Places("朝に水をやる。").first("水をやる") == "水をやる"


def test_most_of_a_text_is_no_passage_of_it() -> None:
    assert "a" * LONGEST in Places("a" * LONGEST)
    assert "a" * (LONGEST + 1) not in Places("a" * (LONGEST + 1))


@given(st.text('ab .\n“"', max_size=60), st.data())
def test_what_is_found_reads_like_what_was_sought(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    sought = text[start : data.draw(st.integers(start, len(text)))]
    span = Places(text).only(sought)
    if span:
        found = text[slice(*span)]
        assert found.replace("“", '"').split() == sought.replace("“", '"').split()
