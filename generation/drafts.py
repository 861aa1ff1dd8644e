"""What goes into the writer and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from generation.failures import FailureCode, GenerationFailed
from generation.textcheck import TITLE_LIMIT, clean, is_post, sanitise
from generation.usage import Usage

DRAFT_TITLE_LIMIT = 255  # characters, as many as a post's title may have


class Report(Protocol):
    """Told at each step: the stage (`plan`, `write`, `edit` or `check`), how much of it is done, of how much, and the
    text so far if there is more of it than before.
    """

    def __call__(self, stage: str, done: int, total: int, text: str = "", /) -> None: ...


@dataclass(frozen=True)
class Brief:
    """What the author asked for."""

    title: str
    content: str


@dataclass(frozen=True)
class Draft:
    """A finished text, not yet anybody's post.

    Args:
        title: plain text, at most 255 characters.
        content: Markdown with `##` headings.
        usage: everything that was spent on it.
        gate: the figures of `textcheck.gate`, with the names of the failed checks under `failed`.
        prompt_version: which prompts and sampling wrote it.
    """

    title: str
    content: str
    usage: Usage
    gate: dict[str, Any]
    prompt_version: str


@dataclass(frozen=True)
class CleanBrief:
    """A brief that is safe to put before a model; `dropped` are the clauses that were orders to it."""

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
    """Return the brief's title as a draft shows it: cleaned, or as it is if nothing would be left of it."""
    return " ".join(clean(brief.title, DRAFT_TITLE_LIMIT).split()) or brief.title[:DRAFT_TITLE_LIMIT]


def checked(draft: Draft, raw: str = "") -> Draft:
    """Return `draft` if it is a post at all, sane or not.

    Args:
        draft: what was written.
        raw: what the model had said before it was edited, if that is something else.

    Raises:
        GenerationFailed: it has no title, fewer than three sections or too few words.
    """
    raw = raw.strip() or draft.content
    if not raw:
        raise GenerationFailed(FailureCode.EMPTY_OUTPUT, "The model wrote nothing.", usage=draft.usage)
    if is_post(draft.title, draft.gate):
        return draft
    found = f"{draft.gate['words']} words in {draft.gate['sections']} sections"
    problem = f"The model wrote no whole post: {found}, where 250 words in 3 sections are the least."
    raise GenerationFailed(FailureCode.INVALID_OUTPUT, problem, raw=raw, usage=draft.usage)
