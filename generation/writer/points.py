"""Single points of the author's: what each of them is, and how it is printed as a sentence."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from enum import StrEnum

from generation.writer.verbs import (
    ADVERBS,
    AUXILIARIES,
    DETERMINERS,
    DOUBLES,
    IMPERATIVES,
    OBJECTS,
    PARTICLES,
    PASTS,
    PRONOUNS,
)
from generation.writer.words import ends_well

_FEW, _SHORT = 3, 5  # words
LONGEST_UNSURE = 120  # characters
LONG = 12  # words: what is longer is a sentence, or stands as one
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SECOND_CAPITAL = re.compile(
    r"\w+[A-Z]|\w*[._/@:\\]\w|\w*\("
)  # iPhone, pip.conf, a/b: changing the first letter bends it
_LABEL = re.compile(r"[^\W\d_][\w -]{1,24}:\s+\S")
_PRICE = re.compile(
    r"(?:[€$£]\s?\d|(?:EUR|CHF|USD)\s\d|\d[\d.,]*\s?(?:€|euros?|dollars?|pounds?|francs?|cents?)\b)", re.IGNORECASE
)


_PREPOSITIONS = frozenset(
    "in on at with without for from to by near behind under over between after before until".split()
)


class PointKind(StrEnum):
    """What a point is, grammatically."""

    INSTRUCTION = "instruction"
    SENTENCE = "sentence"
    FRAGMENT = "fragment"
    UNSURE = "unsure"  # a sentence or a fragment: the code cannot tell


def kind_of(text: str) -> PointKind:
    """Return what an English point is, in doubt that it is unsure."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text[:400])]
    if not words:
        return PointKind.FRAGMENT
    if is_instruction(words):
        return PointKind.INSTRUCTION
    if _has_verb(words) or _LABEL.match(text):
        return PointKind.SENTENCE
    if _PRICE.match(text):
        return PointKind.FRAGMENT
    if len(words) > LONG or len(text) > LONGEST_UNSURE or (ends_well(text) and len(words) > 2):
        return PointKind.SENTENCE
    # `shade at noon`: with so few words around a preposition there is no room for a verb.
    is_short = (
        len(words) < 3
        or (len(words) < 4 and words[0].endswith("ing"))
        or (len(words) < 5 and words[1] in _PREPOSITIONS and words[0] not in DOUBLES)
    )
    return PointKind.FRAGMENT if is_short or words[0] in _PREPOSITIONS else PointKind.UNSURE


def kinds_of(texts: Sequence[str]) -> list[PointKind]:
    """Return what each of several English points is, as far as the code can tell.

    Among instructions an unsure point that may be one is one (`plant herbs for quick success`), among things a short
    one is a thing (`shade at noon`).
    """
    kinds = [kind_of(text) for text in texts]
    sure: list[PointKind] = [kind for kind in kinds if kind != PointKind.UNSURE]
    half = max(1, len(sure)) / 2
    instructions, things = sure.count(PointKind.INSTRUCTION) >= half, sure.count(PointKind.FRAGMENT) >= half
    for at, text in enumerate(texts):
        if kinds[at] == PointKind.UNSURE and instructions and _may_instruct(text):
            kinds[at] = PointKind.INSTRUCTION
        elif kinds[at] == PointKind.UNSURE and things and len(text.split()) <= _FEW:
            kinds[at] = PointKind.FRAGMENT
    return kinds


def _may_instruct(text: str) -> bool:
    words = _WORD.findall(text[:100].lower())
    return bool(words) and words[0] in IMPERATIVES | DOUBLES


def enumerated(text: str) -> list[tuple[str, PointKind]]:
    """Return the points that one note lists with commas: instructions, or things; nothing if it lists none."""
    parts = [re.sub(r"^(?:and|or)\s+", "", part) for part in re.split(r",\s+", text.strip().rstrip("."))]
    if len(parts) < 3 or any(len(part.split()) > LONG or not part for part in parts) or not text[:1].islower():
        return []
    kinds = [kind_of(part) for part in parts]
    if PointKind.INSTRUCTION in kinds and all(
        kind == PointKind.INSTRUCTION or _may_instruct(part) for part, kind in zip(parts, kinds, strict=True)
    ):
        return [(part, PointKind.INSTRUCTION) for part in parts]
    things = sum(kind in (PointKind.FRAGMENT, PointKind.UNSURE) for kind in kinds)
    are_short = PointKind.FRAGMENT in kinds or all(len(part.split()) <= _SHORT for part in parts)
    are_things = things >= len(kinds) - 1 and kinds[0] != PointKind.SENTENCE and are_short
    return [(part, PointKind.FRAGMENT) for part in parts] if are_things else []


def is_instruction(words: list[str]) -> bool:
    """Whether words, in lower case, begin like something to do."""
    while words and (words[0] in ADVERBS or words[0] == "please"):
        words = words[1:]
    if not words:
        return False
    if words[:2] == ["do", "not"] or words[0] == "don't":
        return True
    second = words[1] if len(words) > 1 else ""
    if second in AUXILIARIES or second in PASTS:
        return False
    if words[0] in DOUBLES:
        return second in OBJECTS or second in PARTICLES or second.endswith("ly") or _is_place(words)
    return words[0] in IMPERATIVES


def _is_place(words: list[str]) -> bool:
    """Whether a double is followed by where or when something is to be done: `water in the morning`."""
    return len(words) > 3 and words[1] in ("in", "at", "along", "to", "around", "for") and words[2] in OBJECTS


def _has_verb(words: list[str]) -> bool:
    """Whether there is a verb that only a sentence has."""
    if words[0] in PRONOUNS and len(words) > 1:
        return True
    for before, word in itertools.pairwise(words):
        if word in AUXILIARIES or (before in PRONOUNS and before != "it"):
            return True
        if word in PASTS and before not in DETERMINERS:
            return True
    return False


def sentence(text: str, *, capital: bool = True) -> str:
    """Return a point as a sentence: with a capital and an end, and otherwise to the letter."""
    text = text.strip().rstrip(" \t,;:–—-")
    begun = capitalised(text) if capital else text
    return begun if ends_well(text) or not text else f"{begun}."


def item(text: str, *, capital: bool = True) -> str:
    """Return a point as an item of a list that has no sentences."""
    text = text.strip().rstrip(" \t,;:–—-")
    text = text[:-1] if text.endswith(".") and not text.endswith("..") else text
    return capitalised(text) if capital else text


def capitalised(text: str) -> str:
    """Return `text` with a capital, unless its first word is a name whose letters matter, such as `iPhone`."""
    first = text.split(" ", 1)[0]
    return text if _SECOND_CAPITAL.match(first) else text[:1].upper() + text[1:]
