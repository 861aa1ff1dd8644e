"""Edits what a small model wrote by dropping sentences, never by adding any. Pure: no Django, no network."""

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


class _SeenRuns:
    """The runs of `size` words in the text so far."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.runs: set[Gram] = set()
        self.last: list[str] = []

    def repeats(self, more: list[str]) -> bool:
        runs = list(grams([*self.last, *more], self.size))
        return len(set(runs)) < len(runs) or not self.runs.isdisjoint(runs)

    def add(self, more: list[str]) -> None:
        stream = [*self.last, *more]
        self.runs.update(grams(stream, self.size))
        self.last = stream[1 - self.size :]


class Editor:
    """Drops what a small model should not have written; remembers the text of all paragraphs of one post.

    Args:
        facts: title and notes: a number that is not in them counts as invented.
    """

    def __init__(self, facts: str) -> None:
        self.facts = facts
        self._numbers = numbers(facts)
        # Below the headings, and with them.
        self._prose, self._post = _SeenRuns(SHARED_RUN), _SeenRuns(int(LIMITS["longest_repeat"][1]) + 1)

    def add_heading(self, text: str) -> None:
        """Remember a heading: the text below it may begin with its words, but not repeat a long run with it."""
        self._post.add(words(text))

    def edit(self, text: str) -> str:
        """Return the sentences of `text` that are acceptable, and remember them."""
        kept: list[str] = []
        for candidate in _candidates(text):
            sentence = candidate if kept else _as_first(candidate)
            sequence = words(sentence)
            if self._is_acceptable(sentence) and not self._prose.repeats(sequence) and not self._post.repeats(sequence):
                self._prose.add(sequence)
                self._post.add(sequence)
                kept.append(sentence)
        return " ".join(kept)

    def preview(self, text: str) -> str:
        """Return what `edit` would, and remember nothing."""
        return deepcopy(self).edit(text)

    def _is_acceptable(self, sentence: str) -> bool:
        complete = ends_well(sentence) and len(words(sentence)) >= FEWEST_WORDS and sentence[0] not in ",;:)]}.!?"
        return complete and not has_meta(sentence, self.facts) and numbers(sentence) <= self._numbers


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
            mark = f"[{re.escape(opening + closing)}]"
            # Between two letters a space takes its place: what it parted stays two words.
            text = re.sub(mark, "", re.sub(rf"(?<=\w){mark}+(?=\w)", " ", text))
    return text
