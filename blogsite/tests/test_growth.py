"""The work of reading a request, a password, an address or a server's error grows with its length."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from io import BytesIO

import pytest
from rest_framework.exceptions import ParseError

from accounts.addresses import canonical_address
from accounts.networks import network
from accounts.passwords import normalized
from blogs.etags import known_version, matches
from blogs.models.disclosure import sentences
from blogs.models.visible import has_visible
from blogsite.api.parsers import OrjsonParser
from blogsite.logs import LINK
from blogsite.testing.growth import assert_grows_linearly
from generation.llm.retry_after import retry_after
from generation.llm.server_errors import read_error
from generation.llm.thoughts import ThoughtFilter, without_thoughts

MARKS = [
    "a", "word ", "[", '{"a":', "\\", '"a", ', 'W/"', "\u0301", "\u0345\u0301", "ﷺ", "각", "İ", " ", "\n", ". ", "@",
    "a.", "xn--", "é.", "1", "1h", "<title", "<title>", "<think>", "</think>", "/account/a/", "try again in ",
    '"retryDelay": "',
]  # fmt: skip


def as_json(text: str) -> None:
    with suppress(ParseError):
        OrjsonParser().parse(BytesIO(text.encode()))


def as_address(text: str) -> None:
    with suppress(ValueError):
        canonical_address(f"a@{text}.com")


def in_pieces(text: str) -> None:
    reader = ThoughtFilter()
    for start in range(0, len(text), 7):
        reader.visible(text[start : start + 7])
    reader.rest()


READERS: dict[str, Callable[[str], object]] = {
    "JSON": as_json,
    "entity tags": lambda text: matches(text, '"1-2"'),
    "one entity tag": lambda text: known_version(text, 1),
    "network": network,
    "password": normalized,
    "address": as_address,
    "something that can be seen": has_visible,
    "sentences of a text": sentences,
    "links in the log": lambda text: LINK.sub(r"\1", text),
    "a server's error": lambda text: read_error(500, text),
    "a server's page": lambda text: read_error(500, f"<{text}"),
    "when to try again": lambda text: retry_after({"retry-after": text}, text),
    "thoughts": without_thoughts,
    "thoughts in pieces": in_pieces,
}


def many(mark: str, size: int) -> str:
    return mark * (size // len(mark))


@pytest.mark.parametrize("reader", READERS)
def test_reading_what_comes_from_outside(reader: str) -> None:
    for mark in MARKS:
        assert_grows_linearly(partial(many, mark), READERS[reader], longest=64_000)
