"""Quotations of a text: those of the notes that it lost or changed, and those that nobody said."""

from __future__ import annotations

import re

from generation.writer.words import is_unspaced, words

LEAST_WORDS = 3  # fewer are a word in quotation marks
LEAST_CHARACTERS = 6  # of a script without spaces
LONGEST = 600  # characters
_PAIRS = [tuple(pair) for pair in ('""', "“”", "„“", "„”", "«»", "»«", "‹›", "「」", "『』", "‘’", "‚‘", "””", "’’")]
_ALSO_ELSEWHERE = '"‘‚'  # as apostrophes and signs for inches, inside and after words
_QUOTED = [
    (
        opening,
        re.compile(
            (r"(?<!\w)" if opening in _ALSO_ELSEWHERE else "")
            + rf"{re.escape(opening)}([^{re.escape(opening + closing)}\n]{{2,{LONGEST}}}){re.escape(closing)}"
            + (r"(?!\w)" if opening in _ALSO_ELSEWHERE else "")
        ),
    )
    for opening, closing in _PAIRS
]


def quotations(text: str) -> list[str]:
    """Return what a text quotes, to the letter and without the marks; single words in marks are no quotations."""
    patterns = [pattern for opening, pattern in _QUOTED if opening in text]
    found = [match.group(1).strip() for pattern in patterns for match in pattern.finditer(text)]
    return [quotation for quotation in found if _is_long(quotation)]


def normalised(text: str) -> str:
    """Return a text as quotations are compared: its words alone, whatever the marks and capitals."""
    return " ".join(words(text))


def _is_long(quotation: str) -> bool:
    if is_unspaced(quotation):
        return len(quotation) >= LEAST_CHARACTERS
    return len(words(quotation)) >= LEAST_WORDS
