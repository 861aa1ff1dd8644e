"""The author's notes, taken apart: the points that a post makes, and the orders to whoever writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generation.writer.words import sentences

_MARK = re.compile(r"^\s*(?:[-*+•–—]+|\d{1,2}[.)]|#{1,6})\s+")
_ORDER = re.compile(
    r"(?:please )?(?:mention|explain|describe|write|keep it|quote|add|include|say|reassure|emphasi[sz]e|focus)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Note:
    """One of the author's notes.

    Args:
        text: to the letter.
        is_order: it is said to whoever writes, not to the reader.
        about: of an order, what the post is to say something about; empty if it is about the manner of writing.
    """

    text: str
    is_order: bool = False
    about: str = ""


def notes_of(text: str) -> list[Note]:
    """Return the notes in their order.

    Args:
        text: cleaned notes, possibly empty.
    """
    pieces = (piece for line in re.split(r"[;\n]+", text) for piece in sentences(_MARK.sub("", line)))
    return [Note(piece, is_order=bool(_ORDER.match(piece))) for piece in pieces if piece.strip(" .,;:!-–—")]
