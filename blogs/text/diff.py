"""Differences between two texts, word by word: pure functions, fast enough for 20,000 words."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from django.utils.html import format_html, format_html_join, html_safe
from django.utils.safestring import SafeString

from blogs.text.diff_blocks import Block, blocks
from blogs.text.marks import Mark, Span, marked, spans

# A word with its inner apostrophes and hyphens; scripts that put no spaces between words go character by character.
WORD = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\W\u0e00-\u0eff\u3040-\u9fff]+(?:['’-]\w+)*|\s+|.")

TOKENS_MOST = 100_000  # of both texts, words and what is between them
BY_PARAGRAPH = "Too long to be compared word by word: compared by paragraph."
TOO_DIFFERENT = "Too different to be compared word by word: compared by paragraph."


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is on both sides, only on the old one or only on the new one."""

    kind: Literal["same", "old", "new"]
    text: str


@html_safe
@dataclass(frozen=True)
class Diff:
    """The pieces of two texts; those of either side, joined, are that side to the letter."""

    pieces: tuple[Piece, ...]
    note: str = ""  # why it is coarser than word by word
    found: tuple[Span, ...] = ()  # what is pointed out in the new text

    @property
    def changes(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)

    @property
    def added(self) -> int:
        return self.words("new")

    @property
    def removed(self) -> int:
        return self.words("old")

    def words(self, kind: str) -> int:
        return sum(len(piece.text.split()) for piece in self.pieces if piece.kind == kind)

    def __str__(self) -> SafeString:
        """Return HTML with what was removed in `<del>` and what was added in `<ins>`; the texts are escaped."""
        return format_html_join("", "{}", ((element(piece, found),) for piece, found in self.with_spans()))

    def with_spans(self) -> Iterator[tuple[Piece, list[Span]]]:
        """Yield each piece with the part of the spans that is in it."""
        begin, number = 0, 0
        for piece in self.pieces:
            end = begin if piece.kind == "old" else begin + len(piece.text)
            inside: list[Span] = []
            while begin < end and number < len(self.found) and self.found[number].begin < end:
                span = self.found[number]
                inside.append(Span(max(span.begin - begin, 0), min(span.end, end) - begin, span.mark))
                if span.end > end:
                    break
                number += 1
            yield piece, inside
            begin = end


def element(piece: Piece, found: Sequence[Span]) -> str:
    tag, text = {"old": "del", "new": "ins"}.get(piece.kind), marked(piece.text, found)
    return format_html("<{0}>{1}</{0}>", tag, text) if tag else text


def diff(old: str, new: str, marks: Collection[Mark] = ()) -> Diff:
    """Compare two texts word by word.

    What the texts share by chance between two longer changes ("of the") is shown as changed with them, so that a
    rewritten sentence reads as one that was removed and one that was added. Texts that are too long or too different
    for that are compared line by line.

    Args:
        old: the text before.
        new: the text after.
        marks: what is pointed out in `new`.
    """
    a, b = tokens(old), tokens(new)
    note = BY_PARAGRAPH if len(a) + len(b) > TOKENS_MOST else ""
    found, is_complete = ([], True) if note else blocks(a, b)
    note = note if is_complete else TOO_DIFFERENT
    if note:
        a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
        found, _ = blocks(a, b)
    pieces, done_a, done_b = [], 0, 0
    for at_a, at_b, length in [*without_chance(a, b, found), (len(a), len(b), 0)]:
        pieces += [Piece("old", "".join(a[done_a:at_a])), Piece("new", "".join(b[done_b:at_b]))]
        pieces += [Piece("same", "".join(a[at_a : at_a + length]))]
        done_a, done_b = at_a + length, at_b + length
    return Diff(tuple(piece for piece in pieces if piece.text), note, tuple(spans(new, marks)))


def tokens(text: str) -> list[str]:
    return WORD.findall(text)


def without_chance(a: Sequence[str], b: Sequence[str], found: list[Block]) -> list[Block]:
    """Return `found` without the blocks that are no longer than the changes on both sides of them."""
    solid_a, solid_b = solid(a), solid(b)
    kept: list[Block] = [(0, 0, 0)]
    for block in [*found, (len(a), len(b), 0)]:
        while len(kept) > 1 and is_chance(kept[-2], kept[-1], block, solid_a, solid_b):
            kept.pop()
        kept.append(block)
    return kept[1:-1]


def is_chance(before: Block, block: Block, after: Block, solid_a: list[int], solid_b: list[int]) -> bool:
    size = solid_a[block[0] + block[2]] - solid_a[block[0]]
    left, right = gap(before, block, solid_a, solid_b), gap(block, after, solid_a, solid_b)
    return 0 < left >= size <= right > 0


def gap(one: Block, other: Block, solid_a: list[int], solid_b: list[int]) -> int:
    """Return the length of the change between two blocks: of what was removed or added, whichever is longer."""
    return max(solid_a[other[0]] - solid_a[one[0] + one[2]], solid_b[other[1]] - solid_b[one[1] + one[2]])


def solid(parts: Sequence[str]) -> list[int]:
    """Return how many characters that are not whitespace come before each token, and in all."""
    return [0, *accumulate(len(part.strip()) for part in parts)]
