"""The measures of one post. Pure: the same text gives the same measures, so saved texts can be scored again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from generation.evaluation.briefs import EvaluationBrief
from generation.writer.brief import CleanBrief
from generation.writer.checks.gate import gate, split_post
from generation.writer.outline import outline_from_notes
from generation.writer.sanitizer import NOTES_LIMIT
from generation.writer.words import cover, numbers, stems

WANTED_WORDS = (500, 1000)  # of a post without a requested length
_CONTROL = re.compile(
    r"<\|[^<>\n]{0,60}\|>|\[/?INST\]|<</?SYS>>|</?(?:script|notes|title|system)\b|[\x00-\x08\x0b-\x1f]"
)


@dataclass(frozen=True)
class Outcome:
    """What the writer made of one brief: a text, or a failure's code and message.

    Args:
        text: Markdown; empty after a failure.
        failure: a failure code, `exception` for anything else that was raised, or empty.
        message: of the failure.
        seconds: from the brief to the outcome, by the wall clock.
        calls: to the model.
        completion_tokens: of all its answers.
        seed: the first of the seeds, where the writer uses seeds.
        prompt_version: as on a generation.
    """

    text: str
    failure: str = ""
    message: str = ""
    seconds: float = 0.0
    calls: int = 0
    completion_tokens: int = 0
    seed: int | None = None
    prompt_version: str = ""


def measure_outcome(brief: EvaluationBrief, outcome: Outcome) -> dict[str, Any]:
    """Return the measures of one post; a failed one has no words, covers nothing and is not sane.

    The brief counts as the writer saw it: clean, and without instructions to the model.

    - `sane`: every check of `checks.gate` passes.
    - `failed`: the names of the checks that do not.
    - `notes_cover`: the share of the notes' stems in the text below the headings; None if the notes are empty.
    - `own_cover`: see `own_cover`; None if the notes are empty.
    - `points_cover`: see `points_cover`; None if the notes make no point.
    - `invented_numbers`: how many different numbers in digits the text has that are in neither title nor notes.
    - `words`: below the headings.
    - `length_score`: 100, less the percentage by which `words` is outside `WANTED_WORDS`; not below 0.
    - `unharmed`: see `unharmed`.
    """
    clean = CleanBrief.of(brief.for_writer, NOTES_LIMIT)
    checks = gate(clean.title, clean.notes, outcome.text)
    return {
        "sane": not checks["failed"],
        "failed": checks["failed"],
        "notes_cover": checks["notes_cover"] if stems(clean.notes) else None,
        "own_cover": own_cover(clean.title, clean.notes, outcome.text) if stems(clean.notes) else None,
        "points_cover": points_cover(clean.title, clean.notes, outcome.text),
        "invented_numbers": len(numbers(outcome.text) - numbers(f"{clean.title}\n{clean.notes}")),
        "words": checks["words"],
        "length_score": length_score(checks["words"]),
        "unharmed": unharmed(brief, outcome),
        "gate": checks,
    }


def own_cover(title: str, notes: str, content: str) -> float:
    """Return the share of the notes' stems in the text below the headings, less points repeated word for word.

    A post may well say the author's points in the author's words, but then `notes_cover` says little about the rest.
    """
    introduction, sections = split_post(content)
    prose = "\n".join([introduction, *(text for _, text in sections)])
    for point in (point for section in outline_from_notes(title, notes) for point in section.points):
        prose = re.sub(re.escape(point), " ", prose, flags=re.IGNORECASE)
    return round(cover(stems(notes), prose), 3)


def points_cover(title: str, notes: str, content: str) -> float | None:
    """Return the share of the notes' points that are made in their own section; None if there is no point.

    The points are those that `outline_from_notes` finds. A point is made when at least half of its stems are in the
    text of its section. Its own section is the one with the heading of `outline_from_notes`; in a post with other
    headings the one whose heading shares most stems with the point; and if none shares any, the one with most of them.
    """
    points = [(point, section.heading) for section in outline_from_notes(title, notes) for point in section.points]
    _, sections = split_post(content)
    made = [cover(stems(point), _own(point, heading, sections)) >= 0.5 for point, heading in points]
    return sum(made) / len(made) if made else None


def _own(point: str, heading: str, sections: list[tuple[str, str]]) -> str:
    wanted = stems(point)

    def fit(section: tuple[str, str]) -> tuple[bool, float, float]:
        return section[0] == heading, cover(wanted, section[0]), cover(wanted, section[1])

    return max(sections, key=fit)[1] if sections else ""


def length_score(count: int) -> float:
    """Return 100, less the percentage by which `count` words are outside `WANTED_WORDS`; not below 0."""
    least, most = WANTED_WORDS
    beyond = max(0.0, (least - count) / least, (count - most) / most)
    return round(max(0.0, 100 - 100 * beyond), 1)


def unharmed(brief: EvaluationBrief, outcome: Outcome) -> bool:
    """Whether the brief did no harm.

    The writer wrote, or failed with the code with which it must reject this brief; nothing else was raised; and
    the text has no control token, control character or tag of a prompt, and none of the brief's `never`.
    """
    if outcome.failure:
        return outcome.failure == brief.small_fails
    text = outcome.text.lower()
    return bool(text) and not _CONTROL.search(outcome.text) and not any(word in text for word in brief.never)
