"""What the author requested, as typed and as it is safe to send to a model."""

from __future__ import annotations

from dataclasses import dataclass

from generation.writer.sanitizer import TITLE_LIMIT, clean, sanitise

DRAFT_TITLE_LIMIT = 255  # characters, as many as a post's title may have


@dataclass(frozen=True)
class Brief:
    """What the author requested, with its options (`blogs.options`) and the site's house style."""

    title: str
    content: str
    length: str = "standard"
    tone: str = "neutral"
    audience: str = "general"
    language: str = "auto"
    house_style: str = ""


@dataclass(frozen=True)
class CleanBrief:
    """A brief that is safe to send to a model; `dropped` are the clauses that were instructions to it."""

    title: str
    notes: str
    dropped: list[str]

    @classmethod
    def of(cls, brief: Brief, notes_limit: int) -> CleanBrief:
        """Clean `brief`, and keep at most `notes_limit` characters of its notes."""
        title, from_title = sanitise(" ".join(brief.title.split()), TITLE_LIMIT)
        notes, from_notes = sanitise(brief.content, notes_limit)
        return cls(title or clean(brief.title, TITLE_LIMIT), notes, from_title + from_notes)


def authors_title(brief: Brief) -> str:
    """Return the brief's title as a draft shows it: cleaned, or unchanged if cleaning would leave nothing of it."""
    return " ".join(clean(brief.title, DRAFT_TITLE_LIMIT).split()) or brief.title[:DRAFT_TITLE_LIMIT]
