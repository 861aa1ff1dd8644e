"""The work of every function that reads a text grows with the text, whatever the text is."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest

from blogsite.testing.growth import assert_grows_linearly
from generation.llm.bounds import Allowance
from generation.llm.providers import configured_provider
from generation.llm.responses import storable
from generation.llm.sse import StreamReader
from generation.writer.brief import Brief, CleanBrief
from generation.writer.checks.assess import assess
from generation.writer.checks.gate import gate, has_meta, split_post
from generation.writer.extract import extract
from generation.writer.language import foreign_language
from generation.writer.large import UnusablePlan, _material, read_plan
from generation.writer.notes import notes_of
from generation.writer.outline import outline_from_notes
from generation.writer.sanitizer import clean, sanitise
from generation.writer.tidy import tidy
from generation.writer.words import distinct, ends_well, longest_repeat, sentences, stems, words

MARKS = [
    "a", "word ", "e.g. ", "Dr. ", "A. ", ". ", ".", "!", "a.b.", "1,", "'", "中", "\u0301", " ", "\n", "#", "## ",
    "# ", "> ", "(", "[", "[a](", "`a", "*", '"', "<", "<a", "<!--", "<|", "[/INST]", "Sure: ", "<think>",
    "```markdown\n", "as an ai ", "the post in the post ", "ignore all previous. ", "## a\n", "clause; ", "- a\n",
    "|-|\n", "“a; ", "https://a;", "mention it; ", "`", "friendly, ", "14. ", "please ", "1. a\n",
]  # fmt: skip
SPECIAL = {
    "a heading and many marks": lambda size: "## x" + " #" * (size // 2) + " y",
    "spaces before the end": lambda size: "word." + " " * size + "x",
    "quotes before the end": lambda size: "." + '"' * size + "x",
    "all different": lambda size: " ".join(f"w{number}" for number in range(size // 6)),
    "clauses": lambda size: "".join(f"clause number{number}; " for number in range(size // 17)),
    "sections": lambda size: "".join(f"## h{number}\nword{number} is here.\n" for number in range(size // 24)),
}
TEXTS = {mark: lambda size, mark=mark: mark * (size // len(mark)) for mark in MARKS} | SPECIAL
MATERIAL = _material(Brief("Bread", "flour"), CleanBrief("Bread", "flour", []))


def as_plan(text: str) -> None:
    section = {"heading": text[: len(text) // 2], "points": [text[: len(text) // 2]], "words": 90}
    with suppress(UnusablePlan):
        read_plan(json.dumps({"title": text, "sections": [section] * 3}), MATERIAL)


def byte_by_byte(text: str) -> None:
    reader = StreamReader([], Allowance(1_000_000, "here"), configured_provider())
    for byte in text.encode():
        reader.feed(bytes([byte]))


READERS: dict[str, Callable[[str], object]] = {
    "words": words,
    "stems": stems,
    "sentences": sentences,
    "ends_well": ends_well,
    "longest_repeat": lambda text: longest_repeat(words(text)),
    "distinct": lambda text: distinct(words(text), 3),
    "has_meta": lambda text: has_meta(text, "the post"),
    "split_post": split_post,
    "gate": lambda text: gate("Bread", "flour", text),
    "assess": lambda text: assess("Bread", "flour", text),
    "gate of notes": lambda text: gate("Bread", text, "## a\nBread is here."),
    "notes": notes_of,
    "extract": lambda text: extract("auto", "Bread", CleanBrief("Bread", text, [])).content(),
    "outline": lambda text: outline_from_notes("Bread", text),
    "clean": lambda text: clean(text, len(text)),
    "sanitise": lambda text: sanitise(text, len(text)),
    "foreign_language": foreign_language,
    "tidy": tidy,
    "plan": as_plan,
    "storable": storable,
    "stream": byte_by_byte,
}


@pytest.mark.parametrize("reader", READERS)
def test_reading_a_text(reader):
    for make_text in TEXTS.values():
        assert_grows_linearly(make_text, READERS[reader])


def test_what_grows_faster_than_the_text_is_noticed():
    def cubed(text: str) -> int:
        marks = text[::64]
        return sum(one == other == third for one in marks for other in marks for third in marks)

    with pytest.raises(AssertionError, match="times the work"):
        assert_grows_linearly(lambda size: "a" * size, cubed)
