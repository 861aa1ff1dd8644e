"""Statements of the notes that a text turns round: a negation lost or added, or a word for its opposite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache, partial

from generation.writer.checks.vocabulary.negations import (
    NEGATIONS,
    NEGATIVE_ENDINGS,
    OPPOSITES,
    SOFT_NEGATIONS,
    SOFT_PHRASE,
    STATES,
    UNSPACED_NEGATION,
)
from generation.writer.checks.vocabulary.units import MONTHS
from generation.writer.words import STOP_WORDS, is_unspaced, stem, words

SHARED_LEAST = 0.6  # of what is negated in the notes, in a sentence about it
NEAR = 0.5  # of a note's stems, in the sentence that says it
PRONOUNS = frozenset("it them they this that these those so sie es ihn ihm ihnen das dies".split())
LIST_LEAST = 3  # stems of a statement beside others that deny
SCOPE_MOST = 7  # words that a negation reaches
ROOT = 6  # letters that the forms of a word share, where its language's endings are not known
WEEKDAY_PLURAL = re.compile(r"(?<=[nsdui])days$")
_ANSWER = re.compile(r"^\s*(?:no|not|nein|yes|ja)\s*[:,]", re.IGNORECASE)  # to a question
_LACKING = re.compile(r"\b(?:without|no|ohne|sans|sin|senza|sem|zonder)\b", re.IGNORECASE)  # names a subject in a title
_NOT_THESE = re.compile(r"(?<=\w):(?=\s)")  # "Not covered: gardens, fences"
_CLAUSE_END = re.compile(r"[,;:.!?…—–()]|\b(?:but|because|so that|aber|sondern|denn|weil|mais|pero|sino|maar)\b")


@dataclass(frozen=True, eq=False)
class Statement:
    """A note or a sentence, read for what it denies.

    Args:
        text: to the letter.
        stems: of all its words with a meaning.
        denied: the stems that each of its negations reaches.
        in_denial: the stems of all clauses that deny, be it by a word such as `forbidden`.
        affirmed: the stems of the others.
        words: all of them.
    """

    text: str
    stems: frozenset[str]
    denied: tuple[frozenset[str], ...]
    in_denial: frozenset[str]
    affirmed: frozenset[str]
    words: frozenset[str]

    @property
    def denies(self) -> bool:
        return bool(self.denied)


def statement(text: str, language: str = "en") -> Statement:
    """Read a sentence for what it denies, by the negations of its language."""
    lower = re.sub(r"(?<=\w)-(?=\w)", "", text.lower().replace("’", "'"))  # "e-bikes" are no bikes
    clauses = [(clause, words(clause)) for clause in _CLAUSE_END.split(lower) if clause.strip()]
    scopes = [(clause, part, list(_scopes(clause, part, language))) for clause, part in clauses]
    sequence = words(text if "-" not in text else lower)
    parts = [(bool(found) or _is_soft(clause, part), _meaning(part, language)) for clause, part, found in scopes]
    return Statement(
        text,
        _meaning(sequence, language),
        tuple(scope for *_, found in scopes for scope in found),
        frozenset(word for denies, part in parts if denies for word in part),
        frozenset(word for denies, part in parts if not denies for word in part),
        frozenset(sequence),
    )


def _is_soft(clause: str, sequence: Sequence[str]) -> bool:
    return not SOFT_NEGATIONS.isdisjoint(sequence) or bool(SOFT_PHRASE.search(clause))


def _scopes(clause: str, sequence: Sequence[str], language: str) -> Iterator[frozenset[str]]:
    if is_unspaced(clause):
        if UNSPACED_NEGATION.search(clause):
            yield _meaning(sequence, language)
        return
    for place, word in enumerate(sequence):
        if _is_negation(word, language):
            after = _meaning(sequence[place + 1 : place + 1 + SCOPE_MOST], language)
            before = _meaning(sequence[max(0, place - 3) : place], language)  # "cars are not allowed"
            yield after | before if len(after) < 2 else after


@lru_cache(maxsize=20_000)
def _is_negation(word: str, language: str) -> bool:
    is_ending = language == "tr" and word.endswith(NEGATIVE_ENDINGS)
    return word in NEGATIONS.get(language, ()) or word.endswith("n't") or is_ending


def _meaning(sequence: Sequence[str], language: str) -> frozenset[str]:
    return frozenset(root for word in sequence if (root := _root(word, language)))


@lru_cache(maxsize=20_000)
def _root(word: str, language: str) -> str:
    """Return what a word shares with its relatives, empty if it has no meaning of its own."""
    if len(word) < 2 or word.isdigit() or word in MONTHS or _is_negation(word, language):
        return ""
    if language in ("en", ""):
        return "" if word in STOP_WORDS else stem(WEEKDAY_PLURAL.sub("day", word))
    return word[:ROOT] if len(word) > 3 or not word.isascii() else ""


def contradictions(
    title: str, notes: Sequence[str], sentences: Sequence[str], language: str = "en"
) -> Iterator[tuple[str, str]]:
    """Return the notes that a text turns round, each with the sentence that does.

    Args:
        title: the author's; it names a subject, which a sentence may well deny something of.
        notes: the author's, without orders to the writer.
        sentences: of the text, in the language of the notes.
        language: its tag.
    """
    read = partial(statement, language=language)
    said = [read(sentence) for sentence in sentences]
    for note in dict.fromkeys([title, *notes]):
        if _ANSWER.match(note) or (note is title and _LACKING.search(note)):
            continue
        whole = read(_NOT_THESE.sub("", note))
        for clause in _clauses(note):
            one = whole if clause == note else read(_NOT_THESE.sub("", clause))
            found = _unsaid_negation(one, whole, said) or _opposite(one, said)
            if found is None and note is not title and (not whole.denies or len(one.stems) >= LIST_LEAST):
                found = _added_negation(one, said)
            if found is not None:
                yield note, found.text
                break


def _clauses(note: str) -> list[str]:
    """Return the statements that a note lists, or the note itself where it is one."""
    parts = [part.strip() for part in re.split(r"[,;](?=\s)", note) if part.strip()]
    return list(dict.fromkeys([note, *parts])) if len(parts) > 1 else [note]


def _unsaid_negation(note: Statement, whole: Statement, said: Sequence[Statement]) -> Statement | None:
    """Return a sentence that says what the note denies, if none denies it."""
    for scope in note.denied:
        rest = whole.stems - scope
        about = [
            sentence
            for sentence in said
            if scope
            and len(scope & sentence.stems) >= SHARED_LEAST * len(scope)
            and (len(scope & sentence.stems) > 1 or rest & sentence.stems or not rest)
        ]
        if about and not any(scope & one.in_denial for at, one in enumerate(said) if _is_near(at, about, said)):
            return max(about, key=lambda sentence: len(sentence.stems & whole.stems))
    return None


def _is_near(at: int, about: Sequence[Statement], said: Sequence[Statement]) -> bool:
    """Whether a sentence is about something, or stands beside one that is and says `them` of it."""
    if said[at] in about:
        return True
    return bool(said[at].words & PRONOUNS) and any(one in about for one in said[max(0, at - 1) : at + 2])


def _added_negation(note: Statement, said: Sequence[Statement]) -> Statement | None:
    """Return the sentence nearest to a note without a negation, if it denies what the note says."""
    if note.in_denial or len(note.stems) < 2:
        return None
    best = max((_cover(note.stems, sentence) for sentence in said if sentence.denies), default=0.0)
    if best < NEAR or any(_cover(note.stems, sentence) >= best for sentence in said if not sentence.denies):
        return None
    nearest = [sentence for sentence in said if sentence.denies and _cover(note.stems, sentence) == best]
    near = nearest[0]
    reached = max((note.stems & scope for scope in near.denied), key=len) - near.affirmed
    return near if len(reached) >= max(1, len(note.stems & near.stems) // 2) else None


def _opposite(note: Statement, said: Sequence[Statement]) -> Statement | None:
    """Return a sentence that has the opposite of a word of the note, if none says what the note does."""
    if note.denies:
        return None
    for word in note.words & OPPOSITES.keys():
        against = OPPOSITES[word]
        alike = {word} | {other for other in OPPOSITES if against <= OPPOSITES[other]}
        rest = frozenset(part for part in note.stems if not any(form.startswith(part) for form in alike))
        if note.words & against or len(rest) < (1 if word in STATES else 2):
            continue
        about = [sentence for sentence in said if _cover(rest, sentence) >= (SHARED_LEAST if len(rest) > 1 else 1)]
        turned = [one for one in about if one.words & against and not one.words & alike and not one.denies]
        if turned and not any(one.words & alike for one in about):
            return turned[0]
    return None


def _cover(wanted: Set[str], sentence: Statement) -> float:
    return len(wanted & sentence.stems) / len(wanted) if wanted else 0.0
