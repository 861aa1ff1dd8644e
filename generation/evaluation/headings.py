"""Whether a post's headings are headings: short, whole, and not the sentence that follows."""

from __future__ import annotations

import re

from generation.evaluation.post import Post
from generation.writer.words import words

LEAST, MOST = 2, 7  # words
SAME_BEGINNING = 4  # words of a heading that are no chance at the beginning of the next sentence
# A heading that ends in one of these was cut.
_OPEN_END = frozenset(
    """a an and are as at because but by can every for from has have if in into is its more my no not of on or our
    should than that the their this to very was were which who will with your""".split()
)
_OPEN_MARK = re.compile(r"(?:[,;:–—-]|\.\.\.|…)$")
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"))


def heading_quality(post: Post) -> float | None:
    """Return the share of a post's headings that are good ones; None if it has none."""
    headings = post.passages.headings
    good = [is_good(heading, _first_sentence(post, number)) for number, heading in enumerate(headings, 1)]
    return sum(good) / len(good) if good else None


def is_good(heading: str, following: str) -> bool:
    """Whether a heading has 2 to 7 words, is not cut, and is not the sentence that follows.

    Args:
        heading: without its `##`.
        following: the first sentence below it, or empty.
    """
    sequence, next_words = words(heading), words(following)
    repeats = sequence == next_words or (len(sequence) >= SAME_BEGINNING and sequence == next_words[: len(sequence)])
    return LEAST <= len(sequence) <= MOST and not is_cut(heading) and not repeats


def is_cut(heading: str) -> bool:
    """Whether a heading ends where no heading does: at a small word, a comma, or inside brackets."""
    sequence = words(heading)
    is_open = any(heading.count(begin) > heading.count(end) for begin, end in _PAIRS) or heading.count('"') % 2 == 1
    return is_open or bool(_OPEN_MARK.search(heading.rstrip())) or not _OPEN_END.isdisjoint(sequence[-1:])


def _first_sentence(post: Post, number: int) -> str:
    below = post.passages.of_section(number)
    return below[0].text if below else ""
