"""Links and addresses of a text."""

import pytest

from generation.writer.checks.links import MARKUP, comparable, links, without_links


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://a.example/b?c=1.", ["https://a.example/b?c=1"]),
        ("See www.a.example, please.", ["www.a.example"]),
        ("Get it at tidemark.example/download.", ["tidemark.example/download"]),
        ("Write to office@school.example!", ["office@school.example"]),
        ("As [they say](https://doi.example/10.1).", ["https://doi.example/10.1"]),
        ("It is so 【1†source】.", ["【1†source】"]),
        ("It is so [1].", ["[1]"]),
        ("Follow @club_news.", ["@club_news"]),
        ("Nothing here. Really, e.g. this.", []),
    ],
)
def test_links_are_found(text, found):
    assert links(text) == found


def test_two_forms_of_a_link_are_the_same():
    assert comparable("https://www.a.example/") == comparable("a.example")


def test_digits_of_a_link_are_no_figures():
    assert "3" not in without_links("Get https://a.example/v3 or a3.example, write to b3@a.example.")


@pytest.mark.parametrize(
    "text", ["<script>x</script>", "![a](https://a.example/b.png)", "<!-- x", "{{ name }}", "a&nbsp;b"]
)
def test_markup_is_found(text):
    assert MARKUP.search(text)


@pytest.mark.parametrize("text", ["a < b and c > d", "5 <6", "x<br>y", "R&D"])
def test_signs_are_no_markup(text):
    assert not MARKUP.search(text)
