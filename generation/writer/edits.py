"""Edits: passages of a text and what is to stand in their place, as a model answers them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generation.writer.answers import objects_in, string
from generation.writer.places import Places

MOST = 60  # edits of one text; with more it would be another one
_HEADING = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)


@dataclass(frozen=True)
class Edit:
    """One passage, and its replacement: empty if it is removed."""

    find: str
    replace: str


@dataclass(frozen=True)
class Edited:
    """A text after its edits, with how many were made and how many could not be."""

    text: str
    made: int
    skipped: int


def read_edits(answer: str) -> list[Edit]:
    """Read a model's edits.

    Raises:
        UnusableAnswer: they are no edits.
    """
    return [Edit(string(item, "find"), string(item, "replace").strip()) for item in objects_in(answer, "edits")]


def edited(text: str, edits: list[Edit]) -> Edited:
    """Make the edits whose passage stands in the text exactly once and overlaps with no other's.

    Args:
        text: Markdown.
        edits: in any order; beyond the first MOST they are skipped.
    """
    places = Places(text)
    placed = ((places.only(edit.find), edit.replace) for edit in edits[:MOST])
    spans = sorted(
        (span, replacement) for span, replacement in placed if span and _keeps_headings(text, span, replacement)
    )
    parts, end, made = [], 0, 0
    for (start, stop), replacement in spans:
        if start < end:
            continue
        if not replacement:
            start, stop = _with_blanks(text, start, stop, least=end)
        parts += [text[end:start], replacement]
        end, made = stop, made + 1
    whole = "".join([*parts, text[end:]])
    return Edited(_without_gaps(whole) if made else text, made, len(edits) - made)


def _keeps_headings(text: str, span: tuple[int, int], replacement: str) -> bool:
    """Whether a text has as many headings after an edit as before, none of them empty or run into its text."""
    start, stop = span
    line = text[text.rfind("\n", 0, start) + 1 : start]
    passage = text[start:stop]
    if line and _HEADING.match(line):  # it begins inside a heading
        return bool(replacement) and "\n" not in passage and "\n" not in replacement
    return len(_HEADING.findall(passage)) == len(_HEADING.findall(replacement))


def _with_blanks(text: str, start: int, stop: int, *, least: int) -> tuple[int, int]:
    """Return where a passage that is removed begins and ends together with the blanks that it leaves over."""
    while stop < len(text) and text[stop] in " \t":
        stop += 1
    if stop == len(text) or text[stop] == "\n":
        while start > least and text[start - 1] in " \t":
            start -= 1
    return start, stop


def _without_gaps(text: str) -> str:
    """Return a text without the empty items and lines that a removal leaves."""
    text = re.sub(r"^[ \t]*(?:[-*+]|\d{1,3}[.)]|>)[ \t]*\n", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
