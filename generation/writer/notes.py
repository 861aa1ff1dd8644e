"""The author's notes, taken apart: the points that a post makes, and the orders to whoever writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from generation.writer.boundaries import pieces
from generation.writer.orders import order_in

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_RULE = re.compile(r"[ \t]*(?:\|[ \t]*)?:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*")
_BULLET = re.compile(r"[ \t]*[-*+•–—]+[ \t]+")
# `1. May` begins like an item of a list too.
_NUMBER = re.compile(
    r"[ \t]*(\d{1,2})[.)][ \t]+(?!(?:Jan|Feb|M[aä]r|Apr|Ma[iy]|Jun|Jul|Aug|Sep|O[ck]t|Nov|De[cz])\w*\b)", re.IGNORECASE
)
_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]+")
_QUOTE = re.compile(r"[ \t]*>[ \t]*")
_CONTENT = re.compile(r"[^\W_]")
WRAPPED = 60  # characters: the lines of a text that was broken to a width are at least as long


class NoteKind(StrEnum):
    """What a note is in its notes."""

    POINT = "point"
    ITEM = "item"  # of a list with bullets
    STEP = "step"  # of a numbered list
    HEADING = "heading"
    CODE = "code"
    TABLE = "table"
    QUOTE = "quote"


@dataclass(frozen=True)
class Note:
    """One of the author's notes.

    Args:
        text: to the letter, without the mark of a list or heading.
        is_order: it is said to whoever writes, not to the reader.
        about: of an order, what the post is to say something about; empty if it is about the manner of writing.
        kind: what it is in its notes.
        paragraph: notes with the same number stand together, with no blank line between them.
        line: where it stands; the sentences of one item share it.
    """

    text: str
    is_order: bool = False
    about: str = ""
    kind: NoteKind = NoteKind.POINT
    paragraph: int = 0
    line: int = 0


def notes_of(text: str) -> list[Note]:
    """Return the notes in their order.

    They end at semicolons, line ends and sentence ends, but never inside quotations, code, tables, addresses, figures,
    dates and abbreviations. Marks without a word or figure are no notes.

    Args:
        text: cleaned notes, possibly empty.
    """
    return [note for note in _notes(text.split("\n")) if _CONTENT.search(note.text) or note.kind == NoteKind.CODE]


def _notes(lines: Sequence[str]) -> Iterator[Note]:
    code, tables = _fenced(lines), _tabulated(lines)
    wrapped = _wrapped(lines)
    at, paragraph, last_number = 0, 0, 0
    while at < len(lines):
        line = lines[at]
        end = code.get(at) or tables.get(at)
        if end:
            yield Note("\n".join(lines[at:end]), kind=_kind_of_block(at, code), paragraph=paragraph, line=at)
            at = end
            continue
        if not line.strip():
            paragraph += 1
        elif at in wrapped:
            end = wrapped[at]
            yield from _in_line(" ".join(part.strip() for part in lines[at:end]), NoteKind.POINT, paragraph, at)
            at = end
            continue
        else:
            kind, rest, last_number = _marked(line, last_number)
            yield from _in_line(rest, kind, paragraph, at)
        at += 1


def _kind_of_block(at: int, code: dict[int, int]) -> NoteKind:
    return NoteKind.CODE if at in code else NoteKind.TABLE


def _in_line(text: str, kind: NoteKind, paragraph: int, line: int) -> Iterator[Note]:
    if kind == NoteKind.HEADING:
        yield Note(text.strip(" \t#"), kind=kind, paragraph=paragraph, line=line)
        return
    for piece in pieces(text):
        about = order_in(piece)
        yield Note(piece, about is not None, about or "", kind, paragraph, line)


def _marked(line: str, last_number: int) -> tuple[NoteKind, str, int]:
    """Return what a line is, its text without the mark, and its number if it is a numbered item."""
    if mark := _HEADING.match(line):
        return NoteKind.HEADING, line[mark.end() :], 0
    if mark := _QUOTE.match(line):
        return NoteKind.QUOTE, line[mark.end() :], 0
    if mark := _BULLET.match(line):
        return NoteKind.ITEM, line[mark.end() :], 0
    if (mark := _NUMBER.match(line)) and int(mark[1]) in (1, last_number + 1):
        return NoteKind.STEP, line[mark.end() :], int(mark[1])
    return NoteKind.POINT, line, last_number


def _fenced(lines: Sequence[str]) -> dict[int, int]:
    """Return where blocks of code begin and end."""
    blocks, begin, fence = {}, -1, ""
    for at, line in enumerate(lines):
        if begin >= 0 and line.strip() == fence:
            blocks[begin], begin = at + 1, -1
        elif begin < 0 and (mark := _FENCE.match(line)):
            begin, fence = at, mark[1]
    return blocks


def _tabulated(lines: Sequence[str]) -> dict[int, int]:
    """Return where tables begin and end: a row, a rule below it, and more rows."""
    tables, at = {}, 0
    while at + 1 < len(lines):
        end = at
        if "|" in lines[at] and "|" in lines[at + 1] and _RULE.fullmatch(lines[at + 1]):
            end = at + 2
            while end < len(lines) and "|" in lines[end]:
                end += 1
            tables[at] = end
        at = max(end, at + 1)
    return tables


def _wrapped(lines: Sequence[str]) -> dict[int, int]:
    """Return where paragraphs of prose begin and end that were broken to a width: their line ends part nothing."""
    wrapped, begin = {}, 0
    for at in range(len(lines) + 1):
        if at < len(lines) and _may_be_wrapped(lines[at]):
            continue
        block = lines[begin:at]
        inner = block[:-1]
        is_long = bool(inner) and all(len(line) >= WRAPPED for line in inner)
        if is_long and not all(_ends(line) for line in inner) and _ends(block[-1]):
            wrapped[begin] = at
        begin = at + 1
    return wrapped


def _may_be_wrapped(line: str) -> bool:
    marks = (_HEADING, _QUOTE, _BULLET, _NUMBER, _FENCE)
    return bool(line.strip()) and ";" not in line and "|" not in line and not any(mark.match(line) for mark in marks)


def _ends(line: str) -> bool:
    return line.rstrip().endswith((".", "!", "?", "…", '."', ".”", ":"))
