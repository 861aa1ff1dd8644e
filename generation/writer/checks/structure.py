"""How a text is built: the sections of its outline, prose instead of bullets, and its length."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from generation.writer.checks.passages import Passages
from generation.writer.prompts.targets import CHARACTERS_A_WORD, WORDS
from generation.writer.words import STOP_WORDS, is_unspaced, stem, words

LONGEST, SHORTEST = 1.25, 0.75  # times the wanted length
ITEMS_MOST = 0.6  # share of the words that may stand in lists
SAME_HEADING = 0.5  # share of a heading's stems
OWN_MOST, OTHER_LEAST = 0.4, 0.7  # share of a section's points: in its own section, and in another one
ROOT = 4  # letters that the forms of a word share where its stem is not known
_LIST_WANTED = re.compile(
    r"\b(?:lists?|bullets?|bullet points|checklist|stichpunkte|liste|aufzählung|puces|lista)\b", re.IGNORECASE
)


def meaning(text: str, language: str) -> frozenset[str]:
    """Return the stems of a text, or where its language's are not known the beginnings of its words."""
    if language in ("en", ""):
        return frozenset(stem(word) for word in words(text) if word not in STOP_WORDS and not word.isdigit())
    return frozenset(
        word[:ROOT] for word in words(text) if (len(word) > 3 or not word.isascii()) and not word.isdigit()
    )


def share(wanted: Set[str], found: Set[str]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 1.0


def missing(planned: Sequence[str], headings: Sequence[str], language: str) -> list[str]:
    """Return the planned headings that a text has under no other wording."""
    found = [meaning(heading, language) for heading in headings]
    if len(headings) >= len(planned):
        return []
    absent = [heading for heading in planned if not any(_alike(meaning(heading, language), one) for one in found)]
    return absent[: len(planned) - len(headings)]


def _alike(one: Set[str], other: Set[str]) -> bool:
    return share(one, other) >= SAME_HEADING or share(other, one) >= SAME_HEADING


def swapped(headings: Sequence[str], points: Sequence[Sequence[str]], post: Passages, language: str) -> list[str]:
    """Return the headings whose points are made under another one.

    Args:
        headings: as planned.
        points: of each of them.
        post: the text.
        language: of plan and text.
    """
    bodies = [
        meaning(" ".join(sentence.text for sentence in post.of_section(number)), language)
        for number in range(1, len(post.headings) + 1)
    ]
    found = []
    for heading, own_points in zip(headings, points, strict=True):
        wanted = meaning(" ".join(own_points), language)
        own = [
            number
            for number, one in enumerate(post.headings)
            if _alike(meaning(heading, language), meaning(one, language))
        ]
        if len(wanted) < 2 or not own:
            continue
        elsewhere = [share(wanted, body) for number, body in enumerate(bodies) if number not in own]
        if (
            max(share(wanted, bodies[number]) for number in own) <= OWN_MOST
            and max(elsewhere, default=0) >= OTHER_LEAST
        ):
            found.append(heading)
    return found


def is_list(post: Passages, notes: str) -> bool:
    """Whether a text is bullets instead of prose, which nobody asked for."""
    all_words = sum(len(words(sentence.text)) for sentence in post.sentences)
    in_items = sum(len(words(sentence.text)) for sentence in post.sentences if sentence.is_item)
    return bool(all_words) and in_items > ITEMS_MOST * all_words and not _LIST_WANTED.search(notes)


def relative_length(post: Passages, length: str) -> float:
    """Return how long a text is in relation to the wanted length."""
    text = "\n".join(sentence.text for sentence in post.sentences)
    unit = CHARACTERS_A_WORD if is_unspaced(text) else 1
    return len(words(text)) / (WORDS[length] * unit)
