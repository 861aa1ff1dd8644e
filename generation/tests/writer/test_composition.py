"""A post made of its author's words, from notes to Markdown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.writer.brief import Brief, CleanBrief
from generation.writer.extract import extract
from generation.writer.sanitizer import NOTES_LIMIT
from generation.writer.words import numbers, words


def post(title: str, notes: str) -> str:
    return extract("auto", title, CleanBrief.of(Brief(title, notes), NOTES_LIMIT)).content()


@pytest.mark.parametrize(
    ("title", "notes", "expected"),
    [
        (
            "Cleaning a chain",
            "brush off the dry dirt; wipe it down; oil every link",
            "Cleaning a chain, in three steps:\n\n1. Brush off the dry dirt.\n2. Wipe it down.\n3. Oil every link.",
        ),
        (
            "Three days in Ljubljana",
            "climb to the castle; take the train to Lake Bled; eat dumplings in a courtyard",
            "Three days in Ljubljana, in three points:\n\n- Climb to the castle.\n- Take the train to Lake Bled.\n"
            "- Eat dumplings in a courtyard.",
        ),
        (
            "Drying herbs",
            "cut them early; hang them in a dark room; a week is enough; never dry them in the sun; it keeps",
            "Drying herbs:\n\n1. Cut them early.\n2. Hang them in a dark room. A week is enough.\n"
            "3. Never dry them in the sun.\n\nIt keeps.",
        ),
        (
            "Growing tomatoes",
            "big pots; morning water; shade at noon",
            "Growing tomatoes: big pots, morning water and shade at noon.",
        ),
        ("Bread: a start", "big pots; good earth; morning water", "Big pots, good earth and morning water."),
        (
            "A title of more words than there are in its notes, by far and away",
            "big pots; good earth; morning water",
            "Big pots, good earth and morning water.",
        ),
        (
            "Pizza dough",
            "little yeast, strong flour, a night in the refrigerator, gentle hands",
            "Pizza dough:\n\n- Little yeast\n- Strong flour\n- A night in the refrigerator\n- Gentle hands",
        ),
        ("Snow", "it falls; it is quiet", "It falls. It is quiet."),
        (
            "Lentils",
            "they need no soaking; fry onions first; it keeps",
            "They need no soaking. Fry onions first. It keeps.",
        ),
        (
            "Harbour 2.0 is here",
            "- boards can be shared\n- the importer is gone. It was old.",
            "Harbour 2.0 is here:\n\n- Boards can be shared.\n- The importer is gone. It was old.",
        ),
        ("Moving", "# When\nWe close on 3 March.\n\n# Moving\nWe open.", "## When\n\nWe close on 3 March.\n\nWe open."),
        ("Us", "You get:\n- 60 seats\n- a bar", "You get:\n\n- 60 seats\n- A bar"),
        ("Us", "> All of it.\n> Said she.\nWe were there.", "> All of it.\n> Said she.\n\nWe were there."),
        (
            "Tea",
            "60 seats\n2 spoons\nboil the water; warm the pot; pour it slowly",
            "Tea:\n\n- 60 seats\n- 2 spoons\n\n1. Boil the water.\n2. Warm the pot.\n3. Pour it slowly.",
        ),
        (
            "Fest",
            "wir haben keine Parkplätze; Kuchen gibt es auch",
            "Fest:\n\n- Wir haben keine Parkplätze\n- Kuchen gibt es auch",
        ),
        ("Fest", "Wir haben geöffnet. Der Eintritt ist frei.", "Wir haben geöffnet. Der Eintritt ist frei."),
    ],
)
def test_points_take_the_form_that_suits_them(title: str, notes: str, expected: str) -> None:
    assert post(title, notes) == expected


@pytest.mark.parametrize(
    "kept",
    [
        "```python\nif a <b> c:\n    d; e. F\n```",
        "| plan | price |\n| --- | --- |\n| small; | $4.50 |",
        "Run `pip install  keepsafe; exit` now.",
        'She said: "It\'s over; really. Go!" and went.',
        "The guide is at [the; site](https://x.example/a;b?c=1_(d)) and https://y.example/;z.",
        "Open 11:00-18:30, 4.50 euros, +49 30 123456, me@x.example.",
    ],
)
def test_what_may_not_change_comes_through_to_the_letter(kept: str) -> None:
    content = post(
        "Notes of a shop", f"we moved; {kept}\n\nthe end is near" if "\n" not in kept else f"we moved\n{kept}\nit ends"
    )
    assert kept in content


def test_a_long_text_has_paragraphs_and_all_of_its_words() -> None:
    notes = "; ".join(f"it was {number} degrees on day {number}" for number in range(1, 601))
    content = post("The year in degrees", notes)
    assert len(notes) > 17_000
    assert numbers(notes) == numbers(content)
    assert max(len(part.split(". ")) for part in content.split("\n\n")) <= 4


PIECES = [
    "4.50",
    "not",
    "wash the board",
    "it rains",
    "60 seats",
    "; ",
    ". ",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "`a; b`",
    " ",
    "|",
]
PIECES += [
    "“we; won”",
    "https://x.org/a;b",
    "Über",
    "; keep it sober; ",
    "; say that it rains; ",
    ", ",
]


@given(st.lists(st.sampled_from(PIECES), min_size=3, max_size=20).map(" ".join))
def test_every_word_of_every_point_is_in_the_post_and_hardly_more(notes: str) -> None:
    brief = CleanBrief.of(Brief("Working", notes), NOTES_LIMIT)
    made = extract("auto", "Working", brief)
    content = made.content()
    for point in made.points:
        assert set(words(point.text)) <= set(words(content))
    if not made.is_empty:
        assert len(words(content)) <= 2.5 * len(words(brief.notes))
        assert not re.search(r"keep it sober|say that", content)
