"""Sentences that are pointed out in rendered Markdown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogs.tests.text.elements import Elements
from blogs.text.markdown import ATTRIBUTES, TAGS, render
from blogs.text.marks import MARKS_MOST, Mark, MarkKind
from blogsite.testing.payloads import PAYLOADS

SENTENCES = ["Rye rises.", "*Rye* rises.", "It is what it is.", "“No,” she said.", "x", "`a` b", "[a](b) c", "1. One."]


def marked(text: str, *sentences: str) -> list[str]:
    """Return the texts inside `<mark>`, without the elements inside them."""
    html = render(text, [Mark(MarkKind.WARNING, sentence, "Bad.") for sentence in sentences])
    return [re.sub(r"<[^>]+>", "", inside) for inside in re.findall(r"<mark [^>]+>(.*?)</mark>", html, re.DOTALL)]


@pytest.mark.parametrize(
    ("text", "sentence", "found"),
    [
        ("Rye rises. It is slow.", "Rye rises.", ["Rye rises."]),
        ("Rye rises. Rye rises.", "Rye rises.", ["Rye rises.", "Rye rises."]),
        ("He said “No, never.” Then (of course) left.", "“No, never.”", ["“No, never.”"]),
        ("Take **two** loaves. More.", "Take **two** loaves.", ["Take ", "two", " loaves."]),
        ("**Take two. And** three.", "**Take two.", ["Take two."]),
        ("See [the *club*](https://x.example/a_b) there. So.", "See [the *club*](https://x.example/a_b) there.",
         ["See ", "the ", "club", " there."]),
        ("Run `bake --hot` now. So.", "Run `bake --hot` now.", ["Run ", "bake --hot", " now."]),
        ("A line\nand another. So.", "A line\nand another.", ["A line", "and another."]),
        ("- First one.\n- Second one.", "- Second one.", ["Second one."]),
        ("1. First one.\n2. Second one.", "2. Second one.", ["Second one."]),
        ("It rose in 1986. 1986. That was it.", "1986. That was it.", ["1986. That was it."]),
        ("## Rye rises\n\nIt does.", "## Rye rises", ["Rye rises"]),
        ("| a | b |\n| - | - |\n| one two | three |", "three", ["three"]),
        ("Fish &amp; chips cost <b>much</b>. So.", "Fish &amp; chips cost <b>much</b>.",
         ["Fish &amp; chips cost &lt;b&gt;much&lt;/b&gt;."]),
        ("Rye bread. Rye.", "Rye.", ["Rye", "Rye."]),
        ("木を植える。水をやる。", "水をやる。", ["水をやる。"]),
        ("Ryes rise.", "Rye", []),
        ("rye rises.", "Rye rises.", []),
        ("Rye rises.", "It is gone.", []),
        ("Rye rises.", "", []),
        ("Rye rises.", "...", []),
        ("", "Rye rises.", []),
    ],
)  # fmt: skip
def test_a_sentence_is_marked_wherever_it_is_and_however_it_is_emphasised(text, sentence, found):
    assert marked(text, sentence) == found


def test_of_marks_that_overlap_the_first_is_shown():
    assert marked("One two. Three four.", "One two. Three", "Three four.") == ["One two. Three"]


def test_several_things_about_one_sentence_are_one_mark_of_the_gravest_kind():
    kinds = (MarkKind.ADDED, MarkKind.WARNING, MarkKind.REASON)

    html = render("Rye rises.", [Mark(kind, "Rye rises.", f"It is {kind}.") for kind in kinds])

    assert html == '<p><mark class="reason" title="Holds the text back: It is reason. It is warning. It is added.">' + (
        "Rye rises.</mark></p>\n"
    )


def test_a_title_is_escaped():
    html = render("Rye.", [Mark(MarkKind.WARNING, "Rye.", '"><script>alert(1)</script>', "'\" onload=x")])

    assert [(tag, set(attributes)) for tag, attributes in Elements(html).found] == [
        ("p", set()),
        ("mark", {"class", "title"}),
    ]


def test_a_text_cannot_mark_anything_itself():
    assert "<mark" not in render('<mark class="reason">Rye</mark> rises.', [Mark(MarkKind.ADDED, "not there")])


def test_a_text_that_is_too_large_for_markdown_is_marked_too():
    assert '<mark class="warning" title="Warning: Bad.">Rye rises.</mark>' in render(
        "It is. " * 50_000 + "Rye rises.", [Mark(MarkKind.WARNING, "Rye rises.", "Bad.")]
    )


def test_no_more_sentences_are_looked_for_than_the_most():
    text = " ".join(f"Sentence number w{number}." for number in range(MARKS_MOST + 5))

    assert len(marked(text, *(f"Sentence number w{number}." for number in range(MARKS_MOST + 5)))) == MARKS_MOST


parts = st.lists(st.sampled_from([*PAYLOADS, *SENTENCES, "\n\n", " ", "> ", "- ", "`", "[", "](", ")", "<", ">", "*"]))


@given(parts, st.lists(st.one_of(st.sampled_from([*PAYLOADS, *SENTENCES]), st.text()), max_size=4))
def test_marks_add_nothing_but_their_elements_and_change_no_word(pieces, sentences):
    text = "".join(pieces)

    html = render(text, [Mark(MarkKind.WARNING, sentence, sentence, sentence) for sentence in sentences])

    plain = render(text)
    assert re.sub(r"</?mark[^>]*>", "", re.sub(r'<mark class="warning" title="[^"]*">', "", html)) == plain
    for tag, attributes in Elements(html).found:
        assert tag in TAGS | {"mark"}
        assert attributes.keys() <= {"class", "title", "rel"} | ATTRIBUTES.get(tag, set())
