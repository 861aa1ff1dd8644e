"""A post taken apart: its headings and its sentences, each as it stands there, without code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from generation.writer.checks.gate import split_post
from generation.writer.words import sentences

_FENCED = re.compile(r"^(?P<fence>`{3,}+|~{3,}+)[^\n]*+\n.*?(?:^(?P=fence)[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_LIST_MARK = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_QUOTE_MARK = re.compile(r"^\s*(?:>\s*)+")
_HEADING = re.compile(r"\s*#{1,6}\s")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a post.

    Args:
        text: to the letter, without the mark of a list item or a quotation.
        section: its place among the sections, from 1; 0 in the introduction.
        is_item: it stands in a list.
    """

    text: str
    section: int
    is_item: bool = False


@dataclass(frozen=True)
class Passages:
    """A post's headings, from the first section on, and its sentences in their order."""

    headings: tuple[str, ...]
    sentences: tuple[Sentence, ...]

    def of_section(self, number: int) -> list[Sentence]:
        """Return the sentences of a section, counted from 1; those of the introduction for 0."""
        return [sentence for sentence in self.sentences if sentence.section == number]


@lru_cache(maxsize=8)
def passages(content: str) -> Passages:
    """Take a post apart; code blocks are left out.

    Args:
        content: Markdown with `##` headings.
    """
    introduction, sections = split_post(_FENCED.sub("\n", content))
    texts = [introduction, *(text for _, text in sections)]
    found = tuple(sentence for number, text in enumerate(texts) for sentence in _sentences(text, number))
    return Passages(tuple(heading for heading, _ in sections), found)


def _sentences(text: str, section: int) -> list[Sentence]:
    found: list[Sentence] = []
    for line in text.split("\n"):
        if _HEADING.match(line):
            continue
        item = _LIST_MARK.match(line)
        bare = _QUOTE_MARK.sub("", line[item.end() :] if item else line).strip()
        found += [Sentence(sentence, section, item is not None) for sentence in sentences(bare)]
    return found
