"""An outline made in code: the clauses of the notes become the sections. Pure: no Django, no network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

from generation.writer.words import sentences, stems

FEWEST, MOST = 3, 5
CLAUSE_LIMIT = 160
HEADING_LIMIT = 60  # characters
HEADING_WORDS = 9  # the longest run of words that a post may repeat: the text may well begin with its heading
FILLERS = ("what it means today", "why it matters", "how to get started", "common mistakes to avoid")
_MARK = re.compile(r"^\s*(?:[-*+•–—]+|\d{1,2}[.)]|#{1,6})\s+")
# Where a long clause can be cut and still make a heading: best before another clause, else before a preposition.
_CONJUNCTIONS = frozenset("and because before but once or since so that when where while".split())
_PREPOSITIONS = frozenset("as at by for from in into of on than to with".split())


@dataclass(frozen=True)
class Section:
    """One section: its heading, the clause of the brief it is about, and the author's points that it joins."""

    heading: str
    clause: str
    points: tuple[str, ...] = ()


def outline_from_notes(title: str, notes: str, most: int = MOST) -> list[Section]:
    """Return three to `most` sections with different headings, in the order of the notes.

    Args:
        title: the clean title, used only to recognise clauses that merely repeat it.
        notes: the clean notes; if they make fewer than three sections, general questions make up the rest.
        most: the maximum number of sections; further points share one.
    """
    points = _different(_split(notes), stems(title))
    groups = _grouped(points, most) if len(points) > most else [[point] for point in points]
    return _with_enough(_with_different_headings(map(_section, groups)))


def _split(notes: str) -> list[str]:
    pieces = [piece for line in re.split(r"[;\n]+", notes) for piece in sentences(_MARK.sub("", line))]
    if len(pieces) < FEWEST:
        pieces = [part for piece in pieces for part in re.split(r",\s+", piece)]
    return [piece.strip(" .,;:!-–—\"'") for piece in pieces]


def _different(pieces: list[str], title: Set[str]) -> list[str]:
    """Keep the pieces that say something that neither the title nor an earlier piece says."""
    kept: list[str] = []
    seen: dict[str, list[Set[str]]] = {stem: [title] for stem in title}  # by each of their stems
    for piece in pieces:
        meaning = stems(piece)
        candidates = min((seen.get(stem, []) for stem in meaning), key=len, default=[])
        if meaning and not any(meaning <= earlier for earlier in candidates):
            kept.append(piece)
            for stem in meaning:
                seen.setdefault(stem, []).append(meaning)
    return kept


def _grouped(points: list[str], most: int) -> list[list[str]]:
    count = len(points)
    return [points[i * count // most : (i + 1) * count // most] for i in range(most)]


def _section(points: list[str]) -> Section:
    clause = _shorten("; ".join(points), CLAUSE_LIMIT)
    return Section(_heading(clause), clause, tuple(points))


def _with_different_headings(sections: Iterable[Section]) -> list[Section]:
    first: dict[str, Section] = {}
    for section in sections:
        first.setdefault(section.heading.lower(), section)
    return list(first.values())


def _with_enough(sections: list[Section]) -> list[Section]:
    taken = {section.heading.lower() for section in sections}
    spare = [Section(_heading(filler), filler) for filler in FILLERS if _heading(filler).lower() not in taken]
    return sections + spare[: max(0, FEWEST - len(sections))]


def _heading(clause: str) -> str:
    first = re.sub(r"^(?:and|or|but|also|then|plus)\s+", "", clause.split(";")[0].strip(), flags=re.IGNORECASE)
    kept = _shorten(first, HEADING_LIMIT).split()[:HEADING_WORDS]
    return _capitalised(" ".join(kept[: _phrase(first.split(), len(kept))]).strip(" .,;:!-–—\"'#*"))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _phrase(all_words: list[str], most: int) -> int:
    """Return with how many words, at most `most`, a phrase ends; three are the fewest that are cut to."""
    if most >= len(all_words):
        return most
    conjunctions = [place for place in range(3, most + 1) if all_words[place].lower() in _CONJUNCTIONS]
    prepositions = [place for place in range(3, most + 1) if all_words[place].lower() in _PREPOSITIONS]
    return [*conjunctions[:1], *prepositions[-1:], most][0]


def _shorten(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return text[: limit + 1].rsplit(" ", 1)[0][:limit].rstrip(" ,;:")
