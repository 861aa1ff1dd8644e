from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.writer.notes import Note, NoteKind, notes_of
from generation.writer.words import words

PIECES = ["word", "Über", "4.50", "11:00", "14. November", "z. B.", "e.g.", "Dr.", ";", "; ", ". ", "! ", "\n", "\n\n"]
PIECES += [
    "- ",
    "* ",
    "# ",
    "> ",
    "`a; b`",
    '"one. two; three"',
    "“",
    "”",
    "„so; da“",
    "(a; b)",
    "https://x.org/a;b",
    "|",
]
PIECES += [
    "| a | b |\n|---|---|\n| 1 | 2 |\n",
    "```\na; b. c\n```\n",
    "~~~",
    "```",
    "mention it",
    " ",
    "…",
    "。",
    "a@b.org",
]


def texts(notes: str) -> list[str]:
    return [note.text for note in notes_of(notes)]


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        (
            "plan meals; buy in season\n- compare prices\n2 pots",
            ["plan meals", "buy in season", "compare prices", "2 pots"],
        ),
        ("Freeze leftovers. Cook at home! Why not?", ["Freeze leftovers.", "Cook at home!", "Why not?"]),
        ("it costs 4.50 euros; open 11:00-18:30", ["it costs 4.50 euros", "open 11:00-18:30"]),
        ("am 14. November um 15 Uhr; der 2. Weltkrieg", ["am 14. November um 15 Uhr", "der 2. Weltkrieg"]),
        ("14. November: Sommerfest\n15. November: Pause", ["14. November: Sommerfest", "15. November: Pause"]),
        ("It costs 14. Bring change.", ["It costs 14.", "Bring change."]),
        (
            "ask Dr. Hu, e.g. by mail; z. B. am Montag bzw. Dienstag",
            ["ask Dr. Hu, e.g. by mail", "z. B. am Montag bzw. Dienstag"],
        ),
        ("open until 5 p.m. on Fridays. See No. 7", ["open until 5 p.m. on Fridays.", "See No. 7"]),
        ('she said "No; never. Not me" and left', ['she said "No; never. Not me" and left']),
        ('She said: "It is over." Then she left.', ['She said: "It is over."', "Then she left."]),
        ("„Ja; gern. Bald“ sagt sie; gut", ["„Ja; gern. Bald“ sagt sie", "gut"]),
        ("run `a; b. C`; then stop", ["run `a; b. C`", "then stop"]),
        ("see https://x.org/a;b?c=1.5; then call", ["see https://x.org/a;b?c=1.5", "then call"]),
        ("See https://x.org/a. Then call.", ["See https://x.org/a.", "Then call."]),
        ("[the guide; part 1](https://x.org/a;b); me@x.org", ["[the guide; part 1](https://x.org/a;b)", "me@x.org"]),
        ("open daily (not Mon; not Tue. Sorry)", ["open daily (not Mon; not Tue. Sorry)"]),
        ("- one; - two; # three", ["one", "two", "three"]),
        ("one;two ;; three;", ["one", "two", "three"]),
        ("...;;;---\n\n***\n- - -\n###", []),
        ("", []),
    ],
)
def test_notes_end_where_their_author_ended_them(notes: str, expected: list[str]) -> None:
    assert texts(notes) == expected


def test_the_lines_of_a_wrapped_text_are_one() -> None:
    notes = (
        "The old mill was sold in spring to a family from the coast, which\n"
        "wants to bake there. The wheel turns again since October, although\n"
        "nobody thought so."
    )
    assert texts(notes) == [
        "The old mill was sold in spring to a family from the coast, which wants to bake there.",
        "The wheel turns again since October, although nobody thought so.",
    ]


def test_code_and_tables_stay_whole() -> None:
    code, table = "```python\na = 1; b\n\n# c. D\n```", "| a; | b |\n| --- | --- |\n| 1. X | 2 |"
    notes = notes_of(f"before\n{code}\nbetween\n\n{table}\nafter")
    assert [(note.text, note.kind) for note in notes] == [
        ("before", NoteKind.POINT),
        (code, NoteKind.CODE),
        ("between", NoteKind.POINT),
        (table, NoteKind.TABLE),
        ("after", NoteKind.POINT),
    ]


def test_a_note_knows_what_it_is_in_its_notes() -> None:
    notes = notes_of("# Plan\n- one. Two\n1. first\n2) second\n> said\n\nplain")
    kinds = [(note.text, note.kind.value, note.paragraph, note.line) for note in notes]
    assert kinds == [
        ("Plan", "heading", 0, 0),
        ("one.", "item", 0, 1),
        ("Two", "item", 0, 1),
        ("first", "step", 0, 2),
        ("second", "step", 0, 3),
        ("said", "quote", 0, 4),
        ("plain", "point", 1, 6),
    ]


def test_orders_are_marked_with_what_they_are_about() -> None:
    assert notes_of("keep it sober; mention the lake; wash the board") == [
        Note("keep it sober", is_order=True),
        Note("mention the lake", is_order=True, about="the lake"),
        Note("wash the board"),
    ]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=200))
def test_no_word_of_the_notes_is_lost(notes: str) -> None:
    kept = Counter(words("\n".join(texts(notes))))
    lost = Counter(words(notes)) - kept
    assert all(word.isdecimal() and len(word) <= 2 for word in lost), "only the number of an item may go"


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_a_note_is_to_the_letter(notes: str) -> None:
    flat = " ".join(notes.split())
    assert all(" ".join(text.split()) in flat for text in texts(notes))
