"""How much of a post its author said: the own share of its words, and how often it is as long as the notes."""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache

from generation.evaluation.post import Post
from generation.writer.notes import notes_of
from generation.writer.words import Gram, grams, words

RUN = 3  # words of the notes in a row are the author's, fewer may be chance
LEAST_NOTES = 6  # words; with fewer a post is questions to its author, and no multiple of its notes


def own_share(post: Post) -> float | None:
    """Return the share of a post's words that its author wrote; None if the notes are empty or the text is."""
    counted = [_own(sentence, post.notes) for sentence in post.sentences]
    total = sum(of for _, of in counted)
    return sum(own for own, _ in counted) / total if total and words(post.notes) else None


def own_share_of(post: Post, sentence: str) -> float:
    """Return the share of a sentence's words that the author wrote."""
    own, of = _own(sentence, post.notes)
    return own / of if of else 0.0


def expansion(post: Post) -> float | None:
    """Return how many words a post has for each word of the notes; None if the notes are no more than a word or two."""
    count = len(words(post.notes))
    return post.words / count if count >= LEAST_NOTES else None


def _own(sentence: str, notes: str) -> tuple[int, int]:
    """Return how many words of a sentence stand in runs of the notes, or make up a whole note; and how many it has."""
    pieces = [words(piece) for piece in sentence.split(";")]  # as notes are divided
    whole, runs = _parts(notes)
    own = [len(piece) if tuple(piece) in whole else _in_runs(piece, runs) for piece in pieces]
    return sum(own), sum(map(len, pieces))


def _in_runs(sequence: list[str], runs: Set[Gram]) -> int:
    found = (place for place, gram in enumerate(grams(sequence, RUN)) if gram in runs)
    return len({place + offset for place in found for offset in range(RUN)})


@lru_cache(maxsize=4)
def _parts(notes: str) -> tuple[Set[Gram], Set[Gram]]:
    """Return the notes as sequences of words, and their runs."""
    sequences = [words(note.text) for note in notes_of(notes)]
    return {tuple(sequence) for sequence in sequences}, {gram for one in sequences for gram in grams(one, RUN)}
