"""Sentences that are about something else than their post."""

from __future__ import annotations

from functools import lru_cache

from generation.evaluation.post import Post
from generation.writer.words import stems

LEAST_STEMS = 2  # with fewer a sentence ("So do they.") is about what stands beside it


def stray_sentences(post: Post) -> int:
    """Return how many sentences share no stem with title, notes, or the sentences beside them."""
    return sum(map(_is_stray, _surroundings(post)))


def is_stray(post: Post, sentence: str) -> bool:
    """Whether a sentence of the post is one of its stray ones."""
    return any(_is_stray(place) for place in _surroundings(post) if place[0] == sentence)


def _is_stray(place: tuple[str, frozenset[str]]) -> bool:
    sentence, surroundings = place
    return len(stems(sentence)) >= LEAST_STEMS and stems(sentence).isdisjoint(surroundings)


@lru_cache(maxsize=4)
def _surroundings(post: Post) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return each sentence with the stems of what it may be about."""
    subject = stems(f"{post.title} {post.notes}")
    said = ["", *post.sentences, ""]
    beside = zip(said, said[1:], said[2:], strict=False)
    return tuple((sentence, subject | stems(before) | stems(after)) for before, sentence, after in beside)
