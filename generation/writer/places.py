"""Where a passage stands in a text, however its blanks and quotation marks are written: models copy them loosely."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 3_000  # characters of a passage: what is longer is no part of a text, but most of it
_RUN = re.compile(r"\s+|\S+")
_MARKS = str.maketrans("“”„«»‘’‚", '"""""\'\'\'')


class Places:
    """Finds passages in one text; the work for each grows with the text.

    Args:
        text: what is searched.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._plain, self._places = _plain(text)

    def __contains__(self, passage: str) -> bool:
        return next(self._spans(passage), None) is not None

    def first(self, passage: str) -> str:
        """Return a passage as it stands in the text; empty if it does not."""
        span = next(self._spans(passage), None)
        return self.text[slice(*span)] if span else ""

    def only(self, passage: str) -> tuple[int, int] | None:
        """Return where the one place of a passage begins and ends; None if there is none, or another one."""
        spans = self._spans(passage)
        span = next(spans, None)
        return span if span and next(spans, None) is None else None

    def _spans(self, passage: str) -> Iterator[tuple[int, int]]:
        wanted = _plain(passage.strip())[0]
        start = self._plain.find(wanted) if 0 < len(wanted) <= LONGEST else -1
        while start >= 0:
            end = start + len(wanted)
            if not (_splits_word(self._plain, start) or _splits_word(self._plain, end)):
                yield self._places[start], self._places[end - 1] + 1
            start = self._plain.find(wanted, end)


def _plain(text: str) -> tuple[str, list[int]]:
    """Return a text with one blank for each run of them and plain quotation marks, and where each character was."""
    parts: list[str] = []
    places: list[int] = []
    for run in _RUN.finditer(text.translate(_MARKS)):
        if not run[0].isspace():
            parts.append(run[0])
            places.extend(range(*run.span()))
        elif parts:
            parts.append(" ")
            places.append(run.start())
    return "".join(parts), places


def _splits_word(text: str, place: int) -> bool:
    """Whether a place is inside a word, in a script that puts blanks between them."""
    around = text[place - 1 : place + 1] if place else ""
    return len(around) == 2 and around.isalnum() and around.isascii()
