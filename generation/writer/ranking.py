"""Which of several paragraphs a small model wrote is the best. Pure: no Django, no network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from generation.writer.checks.gate import has_meta
from generation.writer.words import cover, distinct, stem, stems, words

SHORT_WORDS = 40  # below this a paragraph loses points
LONG_WORDS = 120  # up to here more is better
WEAK_WORDS = 30  # below this it deserves another try,
WEAK_WORDS_AT_THE_ENDS = 20  # and introduction and conclusion below this
WEAK_COVER = 0.34
# A capital in the middle of a sentence: most names that a small model brings in are invented.
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]+")
_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I've|my|me|myself)\b")


@dataclass(frozen=True)
class Choice:
    """One answer, judged by what editing leaves of it; `weak` ones deserve another try."""

    answer: str
    score: float
    words: int
    weak: bool


@dataclass(frozen=True)
class Subject:
    """What a paragraph is about, and the author's words that it opens with.

    `clause` is empty for introduction and conclusion, and `opening` where the model says everything itself.
    """

    title: str
    notes: str
    clause: str
    opening: str = ""

    @cached_property
    def _brief(self) -> str:
        return f"{self.title}\n{self.notes}"

    def judge(self, answer: str, edited: str) -> Choice:
        """Score `edited`, which is what editing left of `answer`: covering clause and title counts most."""
        length, own = len(words(edited)), edited.removeprefix(self.opening)
        told = cover(stems(self.clause), edited)
        least = WEAK_WORDS if self.clause else WEAK_WORDS_AT_THE_ENDS
        weak = length < least or told < WEAK_COVER or stems(self._brief).isdisjoint(stems(own))
        # What it opens with is the same for all answers: those differ in how they keep to it.
        kept = cover(stems(self.clause), own) if self.opening else 0.0
        return Choice(answer, told + kept + self._manner(answer, edited, length), length, weak)

    def _manner(self, answer: str, edited: str, length: int) -> float:
        personal = _FIRST_PERSON.search(edited) and not _FIRST_PERSON.search(self._brief)
        return (
            0.7 * cover(stems(self.title), edited)
            + 2 * min(0.0, distinct(words(edited), 3) - 0.95)
            - 0.5 * has_meta(answer, self._brief)
            + 0.3 * min(1.0, length / LONG_WORDS)
            - 0.6 * (length < SHORT_WORDS)
            - 0.4 * bool(personal)
            - 0.1 * min(4, self.names_invented(edited))
        )

    def names_invented(self, text: str) -> int:
        """Return how many different names `text` has that the brief has not."""
        names = {stem(name.lower()) for name in _NAME.findall(text)} - {"i"}
        return len(names - {stem(word) for word in words(self._brief)})
