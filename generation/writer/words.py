"""Words, stems and sentences of a text. Pure: no Django, no network."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Set
from functools import lru_cache

Gram = tuple[str, ...]

# Scripts that put no space between words count by the character.
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_UNSPACED_CHARACTER = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:['’][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|Dr|Mr|Mrs|Ms|St|No|approx)|(?<!°)(?<!\d )\b[A-Z])\.$")
# A run of marks is tried from its first one only, and taken whole: else a text that is all marks costs its square.
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’“»)\]]*+(?=\s|$)|[。！？]+[”」』）]*")
# No end before a small letter or a digit: abbreviations, and ordinals in languages that write them with a dot.
_SOFT_ABBREVIATION = re.compile(
    r"(?:\b(?:[ap]\.m|kl|ca|[Nn]r|[Tt]el|bzw|inkl|evtl|ev|[Ss]tr|min|max|resp|sog|tzv|tj|np|ul|вул|ст)|(?<!\d)\d{1,2})\.$"
)
_MONTH = re.compile(
    r"\s+(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|\d|[^\W\dA-ZÀ-ÖØ-ÞА-ЯІЇЄΑ-Ω_])"
)
_ABBREVIATION_MOST = 9  # characters of the longest one, and one before it
_ENDINGS = (
    "ational", "fulness", "iveness", "ization", "isation", "ations", "ation", "ments", "ment", "ness", "ings", "ing",
    "ions", "ion", "ively", "edly", "ally", "ies", "ied", "ers", "est", "ely", "ed", "er", "ly", "es", "s", "y", "e",
)  # fmt: skip
STOP_WORDS = frozenset(
    """a about above after again all also am an and any are as at be because been before being below between both but
    by can cannot could did do does doing don down during each even every few for from further get gets getting go good
    got had has have having he her here hers him his how i if in into is it its itself just keep keeps let like lot make
    makes making many may me might more most much must my need needs no nor not now of off on once one only or other our
    out over own people per put same she should so some still such take takes than that the their them then there these
    they thing things this those through to too under until up us use used uses using very was way ways we well were
    what when where which while who why will with within without would you your yours""".split()
)


def words(text: str) -> list[str]:
    """Return the words of `text`, in lower case."""
    return list(_words(text))


# One post is measured in a dozen ways; these hold the parts and sentences of two or three.
@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower().replace("’", "'")))


def numbers(text: str) -> set[str]:
    """Return the numbers written in digits, without the commas between thousands."""
    return {number.replace(",", "") for number in _NUMBER.findall(text)}


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what a lower-case English word shares with its relatives: `growing` and `grower` both give `grow`."""
    word = re.sub(r"'.*", "", word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl" else word


@lru_cache(maxsize=64)
def stems(text: str) -> frozenset[str]:
    """Return the stems of the words of `text` that carry its meaning."""
    return frozenset(
        stem(word) for word in words(text) if word not in STOP_WORDS and (len(word) > 1 or not word.isascii())
    )


def cover(wanted: Set[str], text: str) -> float:
    """Return the share (0 to 1) of the stems `wanted` that `text` has; 1 when nothing is wanted."""
    return len(wanted & stems(text)) / len(wanted) if wanted else 1.0


def sentences(text: str) -> list[str]:
    """Split `text` after its sentence ends; what follows the last end is the last item."""
    return list(_sentences(text))


@lru_cache(maxsize=16)
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(piece for piece in (piece.strip() for piece in _pieces(text)) if piece)


def _pieces(text: str) -> Iterator[str]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        before = text[max(start, end.end() - _ABBREVIATION_MOST) : end.end()]
        goes_on = _SOFT_ABBREVIATION.search(before) and _MONTH.match(text, end.end())
        if not _ABBREVIATION.search(before) and not goes_on:
            yield text[start : end.end()]
            start = end.end()
    yield text[start:]


def ends_well(text: str) -> bool:
    """Whether `text` ends where a sentence does."""
    return re.search(r"[.!?…。！？]\s?[\"'”’“»)\]」』）*_]*\s*$", text) is not None


def is_unspaced(text: str) -> bool:
    """Whether most of `text` is in a script that is counted by the character."""
    found = 0 if text.isascii() else len(_UNSPACED_CHARACTER.findall(text))
    return bool(found) and 2 * found > len(_words(text))


def grams(sequence: list[str], size: int) -> Iterator[Gram]:
    """Return every run of `size` neighbouring words."""
    return zip(*(sequence[start:] for start in range(size)), strict=False)


def distinct(sequence: list[str], size: int) -> float:
    """Return the share (0 to 1) of the runs of `size` words that are different from one another; 1 for a short text."""
    found = list(grams(sequence, size))
    return len(set(found)) / len(found) if found else 1.0


def longest_repeat(sequence: list[str]) -> int:
    """Return how many words the longest run has that occurs twice.

    Runs get numbers, equal ones the same; those of twice the length are pairs of numbers (Karp, Miller and Rosenberg
    1972). The work is that of sorting the words, however much of the text repeats.
    """
    runs = {1: _numbered(sequence)}  # by their length, powers of two: the number of the run at each place
    size = 1
    while _repeats(runs[size]):
        runs[2 * size] = _joined(runs[size], size)
        size *= 2
    low, high = size // 2, size - 1
    while low < high:
        middle = (low + high + 1) // 2
        if _repeats(_joined(runs[size // 2], middle - size // 2)):
            low = middle
        else:
            high = middle - 1
    return low


def _numbered(parts: Iterable[Hashable]) -> list[int]:
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(part, len(numbers)) for part in parts]


def _joined(runs: list[int], offset: int) -> list[int]:
    """Return the numbers of the runs that are two of `runs`, so many words apart."""
    return _numbered(zip(runs, runs[offset:], strict=False))


def _repeats(runs: list[int]) -> bool:
    return len(set(runs)) < len(runs)
