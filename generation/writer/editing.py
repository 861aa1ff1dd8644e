"""Mending what a small model wrote by leaving out, never by adding. Pure: no Django, no network."""

from __future__ import annotations

import re
from copy import deepcopy

from generation.writer.checks.gate import LIMITS, has_meta
from generation.writer.words import Gram, ends_well, grams, numbers, sentences, words

SHARED_RUN = 6  # words in a row that two sentences of an edited post may not share
FEWEST_WORDS = 3  # of a sentence
_MARKS = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+|[-*+•][ \t]+|\d{1,2}[.)][ \t]+|>[ \t]*)|\*\*|__|`+|^[ \t]*[-*_=]{3,}[ \t]*$", re.MULTILINE
)
# Openings that join a sentence to one before it.
_JOINED = re.compile(
    r"^(?:However|Additionally|Moreover|Furthermore|Also|Instead|Therefore|Thus|In addition|For instance|For example|"
    r"On the other hand|As a result|Firstly|Secondly|Finally|But|And|So), +(?=\w)"
)


class _Said:
    """The runs of `size` words that a text has had so far."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.runs: set[Gram] = set()
        self.last: list[str] = []

    def repeats(self, more: list[str]) -> bool:
        runs = list(grams([*self.last, *more], self.size))
        return len(set(runs)) < len(runs) or not self.runs.isdisjoint(runs)

    def take(self, more: list[str]) -> None:
        stream = [*self.last, *more]
        self.runs.update(grams(stream, self.size))
        self.last = stream[1 - self.size :]


class Editor:
    """Drops what a small model should not have written; remembers across the paragraphs of one post what was said.

    Args:
        facts: title and notes: a number that is not in them is taken for an invention.
    """

    def __init__(self, facts: str) -> None:
        self.facts = facts
        self._numbers = numbers(facts)
        self._prose, self._whole = _Said(SHARED_RUN), _Said(int(LIMITS["longest_repeat"][1]) + 1)

    def heading(self, text: str) -> None:
        """Take a heading for said: the text below it may begin with its words, but not run on like it."""
        self._whole.take(words(text))

    def edit(self, text: str) -> str:
        """Return those sentences of `text` that may stand, and take them for said."""
        kept: list[str] = []
        for candidate in _candidates(text):
            sentence = candidate if kept else _as_first(candidate)
            spoken = words(sentence)
            if self._stands(sentence) and not self._prose.repeats(spoken) and not self._whole.repeats(spoken):
                self._prose.take(spoken)
                self._whole.take(spoken)
                kept.append(sentence)
        return " ".join(kept)

    def trial(self, text: str) -> str:
        """Return what `edit` would, and take nothing for said."""
        return deepcopy(self).edit(text)

    def _stands(self, sentence: str) -> bool:
        whole = ends_well(sentence) and len(words(sentence)) >= FEWEST_WORDS and sentence[0] not in ",;:)]}.!?"
        return whole and not has_meta(sentence, self.facts) and numbers(sentence) <= self._numbers


def _candidates(text: str) -> list[str]:
    lines = [" ".join(line.split()) for line in _balanced(_MARKS.sub("", text)).splitlines()]
    return [sentence for line in lines for sentence in sentences(re.sub(r'^"([^"]*)"$', r"\1", line))]


def _as_first(sentence: str) -> str:
    alone = _JOINED.sub("", sentence)
    return sentence if alone == sentence else alone[0].upper() + alone[1:]


def _balanced(text: str) -> str:
    text = text.replace("“", '"').replace("”", '"')
    for opening, closing in ('""', "()", "[]"):
        if text.count(opening) % 2 if opening == closing else text.count(opening) != text.count(closing):
            text = text.replace(opening, "").replace(closing, "")
    return text
