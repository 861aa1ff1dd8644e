"""Markdown to HTML; the same payloads in a real browser: blogsite/tests/browser/test_history.py."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogs.tests.text.elements import Elements
from blogs.text.markdown import ATTRIBUTES, SCHEMES, TAGS, render
from blogsite.testing.payloads import PAYLOADS


def is_harmless(html: str) -> bool:
    for tag, attributes in Elements(html).found:
        known = ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        address = re.sub(r"[\x00-\x20]", "", attributes.get("href") or "").lower()  # as browsers read it
        scheme = re.match(r"[a-z][a-z0-9+.-]*(?=:)", address)
        if tag not in TAGS or attributes.keys() - known or (scheme and scheme[0] not in SCHEMES):
            return False
    return True


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_comes_out_harmless(payload):
    html = render(payload)

    assert is_harmless(html), html


@given(st.lists(st.sampled_from([*PAYLOADS, "\n\n", " ", "> ", "- ", "`", "[", "](", ")", "<", ">", '"', "'"])))
def test_payloads_put_together_come_out_harmless(parts):
    assert is_harmless(render("".join(parts)))


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("## Bread\n\nFlour & *water*.", "<h2>Bread</h2>\n<p>Flour &amp; <em>water</em>.</p>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("~~old~~ **new**\\\n`code`", "<p><s>old</s> <strong>new</strong><br>\n<code>code</code></p>\n"),
        ("<b>raw</b>", "<p>&lt;b&gt;raw&lt;/b&gt;</p>\n"),
        (
            "[x](https://example.com/?a=1&b=2)",
            '<p><a href="https://example.com/?a=1&amp;b=2" rel="noopener noreferrer nofollow">x</a></p>\n',
        ),
        (
            "![A *loaf*](https://example.com/loaf.png)",
            '<p><a href="https://example.com/loaf.png" rel="noopener noreferrer nofollow">Image: A loaf</a></p>\n',
        ),
        ("", ""),
    ],
)
def test_markdown_is_shown_as_readers_would_see_it(markdown, html):
    assert render(markdown) == html


def test_tables_are_shown():
    html = render("| a | b |\n| --- | --- |\n| 1 | 2 |")

    assert [tag for tag, _ in Elements(html).found] == "table thead tr th th tbody tr td td".split()
