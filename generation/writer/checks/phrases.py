"""Phrases that are looked for in every sentence, and hardly ever there."""

from __future__ import annotations

import re
from collections.abc import Iterator


class Phrases:
    """A pattern that ignores case.

    Most texts have none of its phrases. That is said first by the same pattern on the text in lower case: without
    regard to case, `re` tries each alternative at each place, which takes three times as long.

    Args:
        pattern: in lower case, with no class that has a capital letter, such as `\\W`.
    """

    def __init__(self, pattern: str) -> None:
        if pattern != pattern.lower():
            raise ValueError(f"not in lower case: {pattern}")
        self._exact = re.compile(pattern, re.IGNORECASE)
        self._folded = re.compile(_folded(pattern))

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match, in the text as it stands; None if there is none."""
        return self._exact.search(text) if self._folded.search(_folded(text)) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return all matches, in the text as it stands."""
        return self._exact.finditer(text) if self._folded.search(_folded(text)) else iter(())


def _folded(text: str) -> str:
    """Return a text in lower case, with one letter for those that `re` takes for the same when it ignores case."""
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s").replace("ς", "σ")
