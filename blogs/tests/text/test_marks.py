"""Sentences that are pointed out in plain text, and in a comparison."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogs.text.diff import diff
from blogs.text.marks import TITLE_MOST, Mark, MarkKind

OPEN = '<mark class="added" title="Added by the model, not from the notes">'
words = st.lists(st.sampled_from(["Rye", "rises", "<b>", "&", ". ", " ", "\n", "“No,”", "much"])).map("".join)


@pytest.mark.parametrize(
    ("old", "new", "html"),
    [
        ("Rye. Salt.", "Rye. Salt.", f"{OPEN}Rye.</mark> Salt."),
        ("Salt.", "Salt. Rye.", f"Salt.<ins> {OPEN}Rye.</mark></ins>"),
        ("Rye. Salt.", "Salt.", "<del>Rye. </del>Salt."),
        ("Rye. Salt. Rye.", "Salt. Rye.", f"<del>Rye. </del>Salt. {OPEN}Rye.</mark>"),
    ],
)
def test_the_new_text_of_a_comparison_is_marked(old, new, html):
    assert str(diff(old, new, [Mark(MarkKind.ADDED, "Rye.")])) == html


def test_a_sentence_that_was_changed_in_part_is_marked_in_all_its_parts():
    html = str(diff("Rye takes much water.", "Rye takes some water.", [Mark(MarkKind.ADDED, "Rye takes some water.")]))

    assert html == (f"{OPEN}Rye takes </mark><del>much</del><ins>{OPEN}some</mark></ins>{OPEN} water.</mark>")


@given(words, words, st.lists(words, max_size=3))
def test_marks_change_no_word_of_a_comparison(old, new, sentences):
    marks = [Mark(MarkKind.WARNING, sentence, sentence) for sentence in sentences]

    html = re.sub(r'<mark class="warning" title="[^"]*">|</mark>', "", str(diff(old, new, marks)))

    assert html == str(diff(old, new))
    assert unescape(re.sub("<del>.*?</del>|</?ins>", "", html, flags=re.DOTALL)) == new


def test_what_is_said_beside_a_sentence_is_short_however_long_the_notes_are():
    assert len(Mark(MarkKind.WARNING, "Rye.", "Bad.", "word " * 5_000).title) == TITLE_MOST
