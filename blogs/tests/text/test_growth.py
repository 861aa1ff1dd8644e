"""The work of reading a text grows with the text, and what would take too long is shown more plainly."""

import random

import pytest

from blogs.text.diff import BY_PARAGRAPH, TOKENS_MOST, TOO_DIFFERENT, diff
from blogs.text.diff_blocks import PAIRS_MOST, SMALL
from blogs.text.markdown import LENGTH_MOST, MARKUP_MOST, TOO_LARGE, render
from blogs.text.marks import Mark, MarkKind
from blogsite.testing.growth import assert_grows_linearly

MARKS = [
    "a",
    "word ",
    "(",
    "[",
    "[a](",
    "`",
    "`a",
    "*a ",
    "_a ",
    "> ",
    "- a\n",
    "|a",
    "<",
    "<a",
    "~~a",
    "\\",
    "&#",
    ".",
]


def between_anchors(size: int) -> str:
    """Two texts that share a word every hundred, and between those much by chance."""
    chance = random.Random(size)
    return " ".join(" ".join([f"u{at}", *chance.choices("wxyz", k=95)]) for at in range(size // 200))


@pytest.mark.parametrize("mark", MARKS)
def test_showing_a_text(mark):
    assert_grows_linearly(lambda size: mark * (size // len(mark)), render, longest=LENGTH_MOST)


@pytest.mark.parametrize("mark", ["a ", "word. ", "*a* ", "a", ".", "- a\n", "`a` ", "中"])
def test_marking_sentences_in_a_text(mark):
    sentences = [Mark(MarkKind.WARNING, mark * size) for size in (1, 2, 7, 50)]
    missing = [Mark(MarkKind.ADDED, f"{mark * size} not there") for size in range(40)]
    assert_grows_linearly(
        lambda size: mark * (size // len(mark)), lambda text: render(text, sentences + missing), longest=LENGTH_MOST
    )


@pytest.mark.parametrize("mark", ["a ", "word. ", "a"])
def test_marking_sentences_in_a_comparison(mark):
    sentences = [Mark(MarkKind.WARNING, mark * size) for size in (1, 2, 7, 50)]
    assert_grows_linearly(
        lambda size: mark * (size // len(mark)), lambda text: str(diff(text, f"first {text[7:]} last", sentences))
    )


def test_marking_a_sentence_as_long_as_its_text():
    assert_grows_linearly(
        lambda size: "word *a* " * (size // 9),
        lambda text: render(text, [Mark(MarkKind.ADDED, text)]),
        longest=LENGTH_MOST,
    )


@pytest.mark.parametrize("mark", MARKS)
def test_showing_a_text_that_is_too_large_for_markdown(mark):
    assert_grows_linearly(lambda size: mark * (size // len(mark)), render, size=LENGTH_MOST + 50_000)


@pytest.mark.parametrize("mark", ["a", "word ", "a b. ", ".", "\n", "中", "e.g. "])
def test_comparing_a_text_with_a_shifted_one(mark):
    assert_grows_linearly(lambda size: mark * (size // len(mark)), lambda text: diff(text, f"first {text[7:]} last"))


def test_comparing_texts_that_share_much_by_chance():
    assert_grows_linearly(between_anchors, lambda text: diff(text, between_anchors(len(text) - 7)))


def test_texts_that_are_too_long_are_compared_by_paragraph():
    lines = [f"line {number} of it\n" for number in range(TOKENS_MOST // 10)]
    old, new = "".join(lines), "".join([*lines[:50], "another line\n", *lines[51:]])

    found = diff(old, new)

    assert found.note == BY_PARAGRAPH
    assert [piece.text for piece in found.pieces if piece.kind != "same"] == [lines[50], "another line\n"]
    assert diff("a word", "a words").note == ""


def test_texts_that_are_too_different_are_compared_by_paragraph():
    def text(seed: int, paragraphs: int) -> str:
        words = random.Random(seed)
        return "".join(f"u{at} {' '.join(words.choices('ab', k=97))}\n{shared(at)}" for at in range(paragraphs))

    def shared(at: int) -> str:
        return f"{'x' * 200}{at}\n"

    most = PAIRS_MOST // SMALL
    found = diff(text(1, most * 2), text(2, most * 2))

    assert found.note == TOO_DIFFERENT
    same = [piece.text for piece in found.pieces if piece.kind == "same"]
    assert same == [shared(at) for at in range(most * 2)]
    assert diff(text(1, most // 2), text(2, most // 2)).note == ""


@pytest.mark.parametrize(
    "text",
    [
        "word " * 50_000,
        "|a" * 500 + "\n" + "|-" * 500 + "\n" + "|\n" * 500,
        *(mark * (MARKUP_MOST // 2 + 1) for mark in ("**a ", "_a_ ", "~~a ", "[a] ", "![a", "<a<b ", "`a` ", "a\n")),
    ],
)
def test_a_text_that_is_too_large_is_shown_as_it_is(text):
    html = render(text)

    assert TOO_LARGE in html
    assert "<pre>" in html


def test_a_long_text_with_an_ordinary_amount_of_markup_is_shown_as_markdown():
    paragraph = f"## A title\n\n{'Some *words* of [a link](https://example.com) and `code`. ' * 10}\n\n"

    html = render(paragraph * (LENGTH_MOST // len(paragraph)))

    assert TOO_LARGE not in html
    assert "<em>words</em>" in html


def test_an_ordinary_table_is_a_table():
    assert "<table>" in render("| a | b |\n| - | - |\n" + "| 1 | 2 |\n" * 300)
