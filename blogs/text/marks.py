"""Sentences that are pointed out in a text, and where they are in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MARKS_MOST = 300  # of one text: each is looked for in all of it
TITLE_MOST = 500  # characters


class MarkKind(StrEnum):
    """Why a sentence is pointed out, the gravest first; also the class of its element."""

    REASON = "reason"
    WARNING = "warning"
    ADDED = "added"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    MarkKind.REASON: "Holds the text back",
    MarkKind.WARNING: "Warning",
    MarkKind.ADDED: "Added by the model, not from the notes",
}
_GRAVITY = list(MarkKind)


@dataclass(frozen=True)
class Mark:
    """What is pointed out.

    Args:
        kind: why.
        sentence: of the text, to the letter; empty if it is about something that is not there.
        message: what is wrong with it; empty if the kind says it all.
        note: what the author had said about it, to the letter; possibly empty.
    """

    kind: MarkKind
    sentence: str = ""
    message: str = ""
    note: str = ""

    @property
    def title(self) -> str:
        """What is shown beside the sentence."""
        said = ": ".join(part for part in (self.kind.label, self.message) if part)
        return (f"{said} The notes: “{self.note}”" if self.note else said)[:TITLE_MOST]


class Span(NamedTuple):
    """Where a mark is: from `begin` to before `end`."""

    begin: int
    end: int
    mark: Mark


def one_each(marks: Iterable[Mark]) -> list[Mark]:
    """Return one mark for each sentence, the gravest kind of it with all its messages."""
    merged: dict[str, Mark] = {}
    for mark in sorted(marks, key=lambda mark: _GRAVITY.index(mark.kind)):
        if not mark.sentence.strip():
            continue
        if (first := merged.get(mark.sentence)) is None:
            merged[mark.sentence] = mark
        elif mark.message not in first.message:
            merged[mark.sentence] = replace(first, message=f"{first.message} {mark.message}".strip())
    return list(islice(merged.values(), MARKS_MOST))


def spans(text: str, marks: Iterable[Mark]) -> list[Span]:
    """Return where the sentences of the marks are in a text, to the letter, in order; none overlaps another."""
    found = [span for mark in one_each(marks) for span in occurrences(text, mark.sentence, mark)]
    return apart(found)


def occurrences(text: str, wanted: str, mark: Mark) -> Iterator[Span]:
    begin = text.find(wanted)
    while begin >= 0:
        yield Span(begin, begin + len(wanted), mark)
        begin = text.find(wanted, begin + len(wanted))


def apart(found: Iterable[Span]) -> list[Span]:
    """Return the spans in order, without those that begin inside another: of two that begin together the longer one."""
    kept: list[Span] = []
    for span in sorted(found, key=lambda span: (span.begin, -span.end)):
        if not kept or span.begin >= kept[-1].end:
            kept.append(span)
    return kept


def marked(text: str, found: Iterable[Span]) -> SafeString:
    """Return plain text as HTML with the spans in `<mark>`; everything is escaped."""
    return format_html_join("", "{}", ((element(piece, mark),) for piece, mark in cut(text, found)))


def cut(text: str, found: Iterable[Span]) -> Iterator[tuple[str, Mark | None]]:
    """Yield the pieces of a text between and inside the spans, with the mark of those inside."""
    done = 0
    for span in found:
        yield text[done : span.begin], None
        yield text[span.begin : span.end], span.mark
        done = span.end
    yield text[done:], None


def element(text: str, mark: Mark | None) -> str:
    return format_html('<mark class="{}" title="{}">{}</mark>', mark.kind, mark.title, text) if mark and text else text
