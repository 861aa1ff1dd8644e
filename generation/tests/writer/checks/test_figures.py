"""Figures of a text, as notes and text write them differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.writer.checks.figure import FigureIndex
from generation.writer.checks.figures import figures, with_fractions


def invented(notes: str, text: str, language: str = "en") -> list[str]:
    index = FigureIndex(figures(notes, language, is_source=True))
    return [figure.text for figure in index.unknown(figures(text, language))]


def lost(notes: str, text: str, language: str = "en") -> list[str]:
    index = FigureIndex([*figures(text, language), *with_fractions(text, language)])
    return [figure.text for figure in index.unsaid(figures(notes, language, is_source=True))]


SAME = [
    ("24 hours", "twenty-four hours"),
    ("3 times", "three times"),
    ("14 euros", "€14"),
    ("14 euros", "EUR 14"),
    ("4.50 euros", "4,50 €"),
    ("1.5 litres", "1.5 l"),
    ("1,500 visitors", "1500 visitors"),
    ("19:30", "7:30 pm"),
    ("19:30", "7.30 p.m."),
    ("19:30", "half of us came at 7:30"),
    ("8:40", "8.40 am"),
    ("10 am", "10 o'clock"),
    ("14 November", "November 14"),
    ("14 November", "the 14th of November"),
    ("14 November 2026", "2026-11-14"),
    ("from 24 to 28 February", "24 February to 28 February"),
    ("15%", "15 percent"),
    ("2-6 °C", "2 to 6 degrees"),
    ("555 0163", "555-0163"),
    ("fifth place", "5th place"),
    ("serves 4", "for four people"),
    ("512 MB", "512 megabytes"),
    ("1.200", "1200"),
]


@pytest.mark.parametrize(("notes", "text"), SAME)
def test_the_same_figure_in_another_form_is_neither_lost_nor_invented(notes, text):
    assert (invented(notes, text), lost(notes, text)) == ([], [])


@pytest.mark.parametrize(
    ("notes", "text"),
    [
        ("ab 3. März", "vom 3.3.2026 an, dem 3. März 2026"),
        ("9 bis 18 Uhr", "von 9 Uhr bis 18 Uhr"),
        ("2 Stunden", "zwei Stunden"),
        ("21 Boote", "einundzwanzig Boote"),
        ("12,50 Euro", "12,50 €"),
    ],
)
def test_german_figures(notes, text):
    assert lost(notes, text, "de") == []


@pytest.mark.parametrize(
    ("notes", "text", "found"),
    [
        ("135 euros", "153 euros", "153 euros"),
        ("until 11:00", "until 11:00 PM", "11:00"),
        ("week 15 and week 20", "raised by 15%", "15%"),
        ("15 visitors", "15 dollars", "15 dollars"),
        ("6 November", "7 November", "7 November"),
        ("6 November", "6 December", "6 December"),
        ("3 hours", "3 days", "3 days"),
        ("at 19:30", "at 19:00", "19:00"),
        ("10 kg", "10 lb", "10 lb"),
        ("555 0118", "555 0181", "555 0181"),
        ("£2,500", "£2,50", "£2,50"),
    ],
)
def test_another_figure_is_invented(notes, text, found):
    assert invented(notes, text) == [found]


@pytest.mark.parametrize("language", ["ja", "zh"])
def test_numbers_in_han_characters(language):
    assert lost("10月14日", "十月十四日", language) == []
    assert invented("10月14日", "十月十五日", language) != []


def test_the_word_after_a_figure_is_what_it_counts():
    assert [figure.after for figure in figures("We went with 3 boats and four old friends.")] == ["boats", "old"]


@given(st.text(alphabet="0123456789.,:-/ €%apm十月日一 ", max_size=400))
def test_no_text_of_digits_and_marks_is_an_error(text):
    figures(text)
    figures(text, "de", is_source=True)


@given(st.integers(2, 99), st.sampled_from(["euros", "kg", "minutes", "visitors", ""]))
def test_a_figure_agrees_with_itself_and_with_no_other(number, unit):
    assert invented(f"{number} {unit}", f"It is {number} {unit}.") == []
    assert invented(f"{number} {unit}", f"It is {number + 7} {unit}.") != []
