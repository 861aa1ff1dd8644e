"""Statements of the notes that a text turns round: a negation lost or added, or a word for its opposite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from generation.writer.checks.vocabulary.negations import (
    NEGATIONS,
    NEGATIVE_ENDINGS,
    OPPOSITES,
    SOFT_NEGATIONS,
    UNSPACED_NEGATION,
)
from generation.writer.words import STOP_WORDS, is_unspaced, stem, words

SHARED_LEAST = 0.6  # of what is negated in the notes, in a sentence about it
NEAR = 0.5  # of a note's stems, in the sentence that says it
SCOPE_MOST = 7  # words that a negation reaches
_CLAUSE_END = re.compile(r"[,;:.!?…—–()]|\b(?:but|because|so that|aber|sondern|denn|weil|mais|pero|sino|ma|mas|maar)\b")
_NUMBER = re.compile(r"\d")


@dataclass(frozen=True)
class Statement:
    """A note or a sentence, read for what it denies.

    Args:
        text: to the letter.
        stems: of all its words with a meaning.
        denied: the stems that each of its negations reaches, by clause.
    """

    text: str
    stems: frozenset[str]
    denied: tuple[frozenset[str], ...]
    words: frozenset[str]
    is_soft: bool

    @property
    def denies(self) -> bool:
        return bool(self.denied)


def statement(text: str) -> Statement:
    """Read a sentence for what it denies."""
    lower = text.lower().replace("’", "'")
    parts = [part for part in _CLAUSE_END.split(lower) if part.strip()]
    denied = tuple(scope for part in parts for scope in _scopes(part))
    sequence = words(lower)
    is_soft = bool(SOFT_NEGATIONS & set(sequence)) or "-free" in lower
    return Statement(text, frozenset(_meaning(sequence)), denied, frozenset(sequence), is_soft)


def _scopes(clause: str) -> Iterator[frozenset[str]]:
    if is_unspaced(clause):
        if UNSPACED_NEGATION.search(clause):
            yield frozenset(_meaning(words(clause)))
        return
    sequence = words(clause)
    for place, word in enumerate(sequence):
        if word in NEGATIONS or word.endswith(("n't", *NEGATIVE_ENDINGS)):
            after = _meaning(sequence[place + 1 : place + 1 + SCOPE_MOST])
            before = _meaning(sequence[max(0, place - 2) : place])  # "das geht nicht", "cars are not allowed"
            yield frozenset([*after, *before] if len(after) < 2 else after)


def _meaning(sequence: Sequence[str]) -> list[str]:
    return [stem(word) for word in sequence if word not in STOP_WORDS and word not in NEGATIONS and len(word) > 1]


def contradictions(title: str, notes: Sequence[str], sentences: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Return the notes that a text turns round, each with the sentence that does.

    Args:
        title: the author's; it names a subject, which a sentence may well deny something of.
        notes: the author's, without orders to the writer.
        sentences: of the text, in the language of the notes.
    """
    said = [statement(sentence) for sentence in sentences]
    for note in dict.fromkeys([title, *notes]):
        read = statement(note)
        found = _unsaid_negation(read, said) or _opposite(read, said)
        if found is None and note is not title:
            found = _added_negation(read, said)
        if found is not None:
            yield note, found.text


def _unsaid_negation(note: Statement, said: Sequence[Statement]) -> Statement | None:
    """Return a sentence that says what the note denies, if none denies it."""
    for scope in note.denied:
        rest = note.stems - scope
        about = [
            sentence
            for sentence in said
            if scope
            and len(scope & sentence.stems) >= SHARED_LEAST * len(scope)
            and (len(scope & sentence.stems) > 1 or rest & sentence.stems)
        ]
        denied = [one for one in about if one.is_soft or any(scope & reached for reached in one.denied)]
        if about and not denied:
            return max(about, key=lambda sentence: len(sentence.stems & note.stems))
    return None


def _added_negation(note: Statement, said: Sequence[Statement]) -> Statement | None:
    """Return the sentence nearest to a note without a negation, if it denies what the note says."""
    if note.denies or note.is_soft or len(note.stems) < 2:
        return None
    near = _nearest(note, said)
    if near is None or not near.denies:
        return None
    reached = max((note.stems & scope for scope in near.denied), key=len)
    is_turned = len(reached) >= max(1, len(note.stems & near.stems) // 2)
    return near if is_turned else None


def _opposite(note: Statement, said: Sequence[Statement]) -> Statement | None:
    """Return the sentence nearest to a note, if it has the opposite of a word of the note instead of it."""
    if note.denies:
        return None
    for word in note.words & OPPOSITES.keys():
        against = OPPOSITES[word]
        alike = {word} | {other for other in OPPOSITES if against <= OPPOSITES[other]}
        if note.words & against:
            continue
        rest = note.stems - {stem(word)}
        if len(rest) < 2:
            continue
        for sentence in said:
            says_opposite = sentence.words & against and not sentence.words & alike and not sentence.denies
            if says_opposite and _cover(rest, sentence) >= SHARED_LEAST:
                return sentence
    return None


def _nearest(note: Statement, said: Sequence[Statement]) -> Statement | None:
    near = [sentence for sentence in said if _cover(note.stems, sentence) >= NEAR]
    best = max((_cover(note.stems, sentence) for sentence in near), default=0)
    nearest = [sentence for sentence in near if _cover(note.stems, sentence) == best]
    return nearest[0] if nearest and all(sentence.denies for sentence in nearest) else None


def _cover(wanted: Set[str], sentence: Statement) -> float:
    return len(wanted & sentence.stems) / len(wanted) if wanted else 0.0
