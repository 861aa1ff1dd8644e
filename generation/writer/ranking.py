"""Which of a small model's answers makes the best paragraph. Pure: no Django, no network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from generation.writer.checks.gate import has_meta
from generation.writer.words import cover, distinct, stem, stems, words

SHORT_WORDS = 40  # below this a paragraph loses points
LONG_WORDS = 120  # up to here more is better
WEAK_WORDS = 30  # below this it deserves a retry,
WEAK_WORDS_AT_THE_ENDS = 20  # and introduction and conclusion below this
WEAK_COVER = 0.34
# A capital letter in mid-sentence: most names that a small model introduces are invented.
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]+")
_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I've|my|me|myself)\b")


@dataclass(frozen=True)
class ScoredAnswer:
    """One answer, scored by what editing leaves of it; `weak` ones deserve a retry."""

    answer: str
    score: float
    words: int
    weak: bool


@dataclass(frozen=True)
class Subject:
    """What a paragraph is about, and the author's words that it opens with.

    `clause` is empty for introduction and conclusion, and `opening` where the model writes every word itself.
    """

    title: str
    notes: str
    clause: str
    opening: str = ""

    @cached_property
    def _brief(self) -> str:
        return f"{self.title}\n{self.notes}"

    def score(self, answer: str, edited: str) -> ScoredAnswer:
        """Score `edited`, which is what editing left of `answer`: covering clause and title counts most."""
        length, own = len(words(edited)), edited.removeprefix(self.opening)
        clause_cover = cover(stems(self.clause), edited)
        least = WEAK_WORDS if self.clause else WEAK_WORDS_AT_THE_ENDS
        weak = length < least or clause_cover < WEAK_COVER or stems(self._brief).isdisjoint(stems(own))
        # All answers share the opening: they differ in how they stay with it.
        own_cover = cover(stems(self.clause), own) if self.opening else 0.0
        return ScoredAnswer(answer, clause_cover + own_cover + self._style_score(answer, edited, length), length, weak)

    def _style_score(self, answer: str, edited: str, length: int) -> float:
        personal = _FIRST_PERSON.search(edited) and not _FIRST_PERSON.search(self._brief)
        return (
            0.7 * cover(stems(self.title), edited)
            + 2 * min(0.0, distinct(words(edited), 3) - 0.95)
            - 0.5 * has_meta(answer, self._brief)
            + 0.3 * min(1.0, length / LONG_WORDS)
            - 0.6 * (length < SHORT_WORDS)
            - 0.4 * bool(personal)
            - 0.1 * min(4, self.invented_names(edited))
        )

    def invented_names(self, text: str) -> int:
        """Return how many different names are in `text` but not in the brief."""
        names = {stem(name.lower()) for name in _NAME.findall(text)} - {"i"}
        return len(names - {stem(word) for word in words(self._brief)})
