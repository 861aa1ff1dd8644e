"""The work of every function that reads a text grows with the text, whatever the text is."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest

from blogsite.testing.growth import assert_grows_linearly
from generation.failures import GenerationFailed
from generation.llm.bounds import Allowance
from generation.llm.providers import configured_provider
from generation.llm.responses import storable
from generation.llm.sse import StreamReader
from generation.writer.answers import UnusableAnswer, objects_in
from generation.writer.brief import Brief, CleanBrief
from generation.writer.checks.assess import assess
from generation.writer.checks.figures import figures
from generation.writer.checks.gate import gate, has_meta, split_post
from generation.writer.checks.links import links
from generation.writer.checks.names import names
from generation.writer.checks.polarity import statement
from generation.writer.checks.quotations import quotations
from generation.writer.checks.review import Subject as Reviewed
from generation.writer.checks.review import review
from generation.writer.edits import Edit, edited
from generation.writer.extract import extract
from generation.writer.language import foreign_language, language_of
from generation.writer.large import material_of
from generation.writer.notes import notes_of
from generation.writer.outline import outline_from_notes
from generation.writer.places import Places
from generation.writer.plan import offered_title, read_plan
from generation.writer.refusals import raise_if_refused
from generation.writer.sanitizer import clean, sanitise
from generation.writer.sections import own_part
from generation.writer.tidy import tidy
from generation.writer.verification import read_claims, with_claims
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
MATERIAL = material_of(Brief("Bread", "flour"), CleanBrief("Bread", "flour", []))


def as_plan(text: str) -> None:
    section = {"heading": text[: len(text) // 2], "points": [text[: len(text) // 2]], "words": 90}
    with suppress(UnusableAnswer):
        read_plan(json.dumps({"title": text, "sections": [section] * 3}), MATERIAL)


def as_answer(text: str) -> None:
    with suppress(UnusableAnswer):
        objects_in(text, "edits")


def as_edits(text: str) -> None:
    middle = len(text) // 2
    edited(text, [Edit(text[:10], ""), Edit(text[middle : middle + 30], "## x"), Edit(text[middle:], "")])


def as_claims(text: str) -> None:
    said = {"sentence": text[: len(text) // 2], "note": text, "problem": "contradicted"}
    found = read_claims(json.dumps({"claims": [said] * 3}), text, "Bread", ["flour", text])
    with_claims([], found, text)


def suppressed(function: Callable[[str], object], text: str) -> None:
    with suppress(GenerationFailed):
        function(text)


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
    "offered title": lambda text: offered_title(text, MATERIAL),
    "answer": as_answer,
    "edits": as_edits,
    "claims": as_claims,
    "passage": lambda text: Places(text).first(text[len(text) // 2 :]),
    "section": lambda text: own_part(text, "a", with_introduction=True),
    "refusal": lambda text: suppressed(raise_if_refused, text),
    "figures": figures,
    "names": lambda text: names(text, "en"),
    "quotations": quotations,
    "links": links,
    "statement": statement,
    "review": lambda text: review(text, Reviewed("Bread", "flour")),
    "review of notes": lambda text: review("## a\nBread is here.", Reviewed("Bread", text)),
    "language_of": language_of,
    "storable": storable,
    "stream": byte_by_byte,
}


@pytest.mark.parametrize("reader", READERS)
def test_reading_a_text(reader):
    for make_text in TEXTS.values():
        assert_grows_linearly(make_text, READERS[reader])


def test_what_grows_faster_than_the_text_is_noticed():
    def squared(text: str) -> int:
        marks = text[::16]
        return sum(one == other for one in marks for other in marks)

    with pytest.raises(AssertionError, match="times the work"):
        assert_grows_linearly(lambda size: "a" * size, squared)
