"""The review of a text against its brief: every finding of every check."""

from __future__ import annotations

from dataclasses import dataclass

from generation.writer.checks.findings import Finding


@dataclass(frozen=True)
class PlannedSection:
    """A section as it was planned: its heading, the points it makes, and its words (0: not planned)."""

    heading: str
    points: tuple[str, ...] = ()
    words: int = 0


@dataclass(frozen=True)
class Subject:
    """What a text is reviewed against.

    Args:
        title: the brief's title, cleaned.
        notes: the brief's notes, cleaned; possibly empty.
        language: a tag of `blogs.options.Language`, or `auto`.
        length: of `blogs.options.Length`; empty where the length follows the notes.
        plan: the sections that the text was to have; empty if it was written without a plan.
    """

    title: str
    notes: str
    language: str = "auto"
    length: str = "standard"
    plan: tuple[PlannedSection, ...] = ()


def review(content: str, subject: Subject) -> list[Finding]:
    """Return everything that is wrong with a text, the worst first.

    Args:
        content: the post, in Markdown with `##` headings.
        subject: the brief, and how the text was planned.
    """
    return []
