"""Phrases are found as by a pattern that ignores case, however a text is written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.writer.checks.phrases import Phrases

PATTERN = r"\b(?:half an hour|araştırmaya göre|σύμφωνα με|studies|in (?:essence|[^.!]{2,5} ways))\b"
PHRASES, PLAIN = Phrases(PATTERN), re.compile(PATTERN, re.IGNORECASE)
SAID = [
    "Half an hour",
    "ARAŞTIRMAYA GÖRE",
    "Σύμφωνα ΜΕ",
    "ΣΎΜΦΩΝΑ με",
    "ſtudies",
    "STUDİES",
    "studıes",
    "IN ESSENCE",
    "In many ways",
]
PARTS = st.sampled_from([*SAID, *"aİıſßΣς.-' \n"])


@pytest.mark.parametrize("said", SAID)
def test_a_phrase_is_found_in_any_case_and_given_to_the_letter(said: str) -> None:
    found = PHRASES.search(f"It is {said}, she says.")
    assert found
    assert found.group() == said
    assert [each.group() for each in PHRASES.finditer(f"{said}. {said}.")] == [said, said]


@given(st.lists(PARTS, max_size=8).map("".join))
def test_the_same_is_found_as_by_the_pattern_alone(text: str) -> None:
    assert [each.span() for each in PHRASES.finditer(text)] == [each.span() for each in PLAIN.finditer(text)]
    assert bool(PHRASES.search(text)) == bool(PLAIN.search(text))


def test_a_pattern_with_capital_letters_is_refused() -> None:
    with pytest.raises(ValueError, match="lower case"):
        Phrases(r"Monday\W")
