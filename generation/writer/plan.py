"""Plans: which sections a post is to have, what each says, and from which note each of its points comes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from generation.llm.prompt_size import most_tokens
from generation.llm.responses import storable
from generation.writer.answers import UNUSABLE, UnusableAnswer
from generation.writer.brief import DRAFT_TITLE_LIMIT
from generation.writer.checks.review import PlannedSection
from generation.writer.outline import outline_from_notes
from generation.writer.prompts.budgets import HEADING_TOKENS, LENGTH_TOLERANCE, MOST_SECTIONS
from generation.writer.prompts.large import Material
from generation.writer.sanitizer import clean
from generation.writer.tidy import json_in
from generation.writer.words import STOP_WORDS, cover, numbers, stems, words

FEWEST = 3  # sections
LONGEST = 99_999  # words or characters of a section
LEAST_NOTES_COVER = 0.7
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


@dataclass(frozen=True)
class Point:
    """What a section says, and the number of the note that it comes from; 0 if it comes from none."""

    text: str
    note: int = 0

    def __str__(self) -> str:
        return f"{self.text} (note {self.note})" if self.note else self.text


@dataclass(frozen=True)
class Section:
    """A section of a plan; its size is in words or characters, 0 if it is not planned."""

    heading: str
    points: tuple[Point, ...]
    size: int = 0


@dataclass(frozen=True)
class Plan:
    """An outline, a title for it (empty: none), and what made it: `model` or `code`."""

    title: str
    sections: tuple[Section, ...]
    by: str = "model"

    def outline(self, unit: str) -> str:
        """Return the outline as prompts show it, with sizes in this unit."""
        return "\n".join(
            f"## {section.heading}{f' ({section.size} {unit})' if section.size else ''}\n"
            + "\n".join(f"- {point}" for point in section.points)
            for section in self.sections
        )

    @property
    def planned(self) -> tuple[PlannedSection, ...]:
        """The sections as the checks take them: with the points that come from notes, or all if no point says so."""
        is_mapped = any(point.note for section in self.sections for point in section.points)
        return tuple(
            PlannedSection(
                section.heading,
                tuple(point.text for point in section.points if point.note or not is_mapped),
                section.size,
            )
            for section in self.sections
        )


def read_plan(text: str, material: Material, *, translated: bool = False) -> Plan:
    """Read the model's plan.

    Args:
        text: what the model answered to `prompts.large.plan`.
        material: the brief that the plan is for.
        translated: the post is in another language than the brief.

    Raises:
        UnusableAnswer: it is not JSON of the schema, or breaks a rule that a schema cannot hold.
    """
    try:
        answer = json.loads(json_in(text))
        title = " ".join(clean(answer["title"], DRAFT_TITLE_LIMIT).split())
        sections = [_section(section, len(material.facts)) for section in answer["sections"]]
        problems = _problems(sections, material, translated=translated)
    # Some numbers are too large to be integers, or to be shown.
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise UnusableAnswer(UNUSABLE) from error
    if problems:
        raise UnusableAnswer(*problems)
    return Plan(title, tuple(sections))


def _section(said: dict[str, Any], notes: int) -> Section:
    if not isinstance(said["points"], list):
        raise TypeError
    points = tuple(_point(point, notes) for point in said["points"])
    return Section(_line(said["heading"]), points, min(max(0, int(said["words"])), LONGEST))


def _point(said: object, notes: int) -> Point:
    """Read a point; one whose note does not exist comes from none, and servers without schemas send bare texts."""
    if not isinstance(said, dict):
        return Point(_line(said))
    note = said.get("note")
    is_one = isinstance(note, int | str) and str(note).isdecimal() and len(str(note)) < 6
    return Point(_line(said["text"]), int(note) if is_one and 1 <= int(note) <= notes else 0)  # type: ignore[arg-type]


def _line(said: object) -> str:
    return " ".join(storable(str(said)).split())


def _problems(sections: Sequence[Section], material: Material, *, translated: bool) -> list[str]:
    headings = [" ".join(words(section.heading)) for section in sections]
    length = sum(section.size for section in sections)
    text = "\n".join("\n".join([s.heading, *(point.text for point in s.points)]) for s in sections)
    facts = stems("\n".join(material.facts))
    rules = {
        f"It has {len(sections)} sections instead of 3 to 6.": FEWEST <= len(sections) <= MOST_SECTIONS,
        "Its headings are not all different.": len(set(headings)) == len(headings) and all(headings),
        "Its headings are too long.": all(most_tokens(section.heading) <= HEADING_TOKENS for section in sections),
        f"Its lengths add up to {length} {material.unit} instead of about {material.words}.": (
            abs(length - material.words) <= LENGTH_TOLERANCE * material.words
        ),
        "It leaves out points of the notes.": translated or cover(facts, text) >= LEAST_NOTES_COVER,
    }
    return [problem for problem, is_kept in rules.items() if not is_kept]


def plan_from_notes(material: Material) -> Plan:
    """Return a plan that is made in code: the notes become its sections."""
    outline = outline_from_notes(material.title, "\n".join(material.facts))
    sections = tuple(Section(section.heading, (Point(section.clause),)) for section in outline)
    return Plan("", sections, by="code")


def offered_title(title: str, material: Material, *, translated: bool = False) -> str:
    """Return a plan's title if its author may want it in the place of their own; empty if not.

    It shares words with the author's, and its figures and names are those of the brief.

    Args:
        title: the plan's.
        material: the brief.
        translated: the title is in another language than the brief.
    """
    brief = f"{material.title}\n{material.notes}"
    is_other = words(title) != words(material.title)
    shares = translated or bool(stems(title) & stems(material.title))
    if not (title and is_other and shares and numbers(title) <= numbers(brief)):
        return ""
    return title if translated or _names(title) <= set(words(brief)) else ""


def _names(title: str) -> set[str]:
    """Return the words of a title that may be names: those with a capital letter behind the first word."""
    behind = _WORD.findall(title)[1:]
    lowered = (word.lower().replace("’", "'") for word in behind if word[:1].isupper() or word[1:] != word[1:].lower())
    return {part for word in lowered if word not in STOP_WORDS for part in words(word)}
