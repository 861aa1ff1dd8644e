"""Differences between two texts, word by word."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogs.text.diff import diff

# Few different words, so that texts have much in common.
prose = st.lists(st.sampled_from(["bread", "rye", "oven", "the", "a", "don't", " ", "\n\n", ".", "<b>", "花"])).map(
    "".join
)
texts = prose | st.text()
WORDS = [f"word{index}" for index in range(3_000)]


def sides(old, new):
    pieces = diff(old, new).pieces
    return ["".join(piece.text for piece in pieces if piece.kind != other) for other in ("new", "old")]


@given(texts, texts)
def test_both_sides_can_be_read_off_the_difference(old, new):
    assert sides(old, new) == [old, new]


@given(texts)
def test_a_text_does_not_differ_from_itself(text):
    assert not diff(text, text).changes


@given(prose, prose, prose)
def test_an_insertion_removes_nothing(before, between, after):
    found = diff(f"{before} | {after}", f"{before} | {between} | {after}")

    assert found.removed == 0


@given(texts, texts)
def test_no_text_gets_out_as_html(old, new):
    html = str(diff(old, new))

    for tag in ("<del>", "</del>", "<ins>", "</ins>"):
        html = html.replace(tag, "")
    assert "<" not in html
    assert ">" not in html


@pytest.mark.parametrize(
    ("old", "new", "html"),
    [
        ("A quick brown fox.", "A quick brown cat.", "A quick brown <del>fox</del><ins>cat</ins>."),
        ("Rye bread", "Rye bread & salt", "Rye bread<ins> &amp; salt</ins>"),
        ("<i>x</i>", "", "<del>&lt;i&gt;x&lt;/i&gt;</del>"),
        ("I don't know", "I can't know", "I <del>don&#x27;t</del><ins>can&#x27;t</ins> know"),
        ("花开了", "花落了", "花<del>开</del><ins>落</ins>了"),
        ("End.\nNext", "End.\n\nNext", "End.<del>\n</del><ins>\n\n</ins>Next"),
    ],
)
def test_words_are_marked(old, new, html):
    assert str(diff(old, new)) == html


def test_words_shared_by_chance_do_not_break_up_a_new_sentence():
    found = diff("Nobody in the town sleeps long.", "Bakers rise in the darkness.")

    assert [piece.kind for piece in found.pieces] == ["old", "new", "same"]
    assert found.pieces[-1].text == "."


def test_words_are_counted():
    found = diff("one two three", "one 2 and a half three")

    assert (found.removed, found.added) == (1, 4)


def test_an_edit_of_a_long_text_is_found_word_by_word():
    old = Random(1).choices(WORDS, k=20_000)
    new = [f"new{index}" if index % 25 == 0 else word for index, word in enumerate(old)]

    found = diff(" ".join(old), " ".join(new))

    assert (found.removed, found.added) == (800, 800)


def test_a_long_text_that_was_rewritten_or_moved_is_compared_too():
    words = Random(2).choices(WORDS, k=20_000)

    for other in (words[::-1], words[10_000:] + words[:10_000], ["a"] * 20_000, []):
        assert sides(" ".join(words), " ".join(other)) == [" ".join(words), " ".join(other)]
