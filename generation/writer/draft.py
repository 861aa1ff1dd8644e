"""What the writer returns: a draft, a rejected draft, and its progress on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.writer.checks.findings import Finding, held_back

CHECKS_FAILED = "The text did not pass the checks. {problems}"
MORE = "It has {count} more such sentences."
NO_POST = "It is too short to be a post: “{quote}”"
QUOTE_LIMIT = 300  # characters


class OnProgress(Protocol):
    """Called at each step with the stage (`plan`, `write`, `edit` or `check`), how much of it is done, of how much, and
    the text so far if it has grown: complete, or as a list to which more pieces are added.
    """

    def __call__(self, stage: str, done: int, total: int, text: Sequence[str] | None = None, /) -> None: ...


@dataclass(frozen=True)
class Draft:
    """A finished text, not yet a post.

    Args:
        title: plain text, at most 255 characters.
        content: Markdown with `##` headings.
        usage: everything that was spent on it.
        gate: the measures of `checks.gate`, with the names of those beyond their limits under `failed`.
        prompt_version: which prompts and sampling wrote it.
        provenance: how it was made: `sampling`, `seed`, `seconds` by stage, `house_style` by hash, calls by
            `service_tier` if the answers named one; of the large profile also `verification` (`passed`, `found N`,
            `unusable`, `off` or `no notes`), `repair` (its form, how many problems, edits and skipped ones, and its
            result) and `offered_title`.
        raw: what the model wrote before it was edited, if that differs.
        warnings: what is wrong with it all the same, for whoever reads it before the readers do.
        is_post: it is long enough to be one at all.
    """

    title: str
    content: str
    usage: Usage
    gate: dict[str, Any]
    prompt_version: str
    provenance: dict[str, Any] = field(default_factory=dict)
    raw: str = ""
    warnings: tuple[Finding, ...] = ()
    is_post: bool = True


class RejectedDraft(GenerationFailed):
    """A complete text that did not pass the checks, for a person to decide on."""

    def __init__(self, draft: Draft, message: str) -> None:
        super().__init__(FailureCode.INVALID_OUTPUT, message, raw=draft.content)
        self.draft = draft


def checked(draft: Draft) -> Draft:
    """Return `draft` if nothing in it holds it back; what else is wrong with it are its warnings.

    Raises:
        RejectedDraft: it contradicts the notes, invents what nobody may invent, or is no post.
        GenerationFailed: there is no text.
    """
    if not draft.content.strip():
        raise _without_text(draft)
    if problem := _problem(draft):
        raise RejectedDraft(draft, CHECKS_FAILED.format(problems=problem))
    return draft


def _without_text(draft: Draft) -> GenerationFailed:
    code = FailureCode.INVALID_OUTPUT if draft.raw.strip() else FailureCode.EMPTY_OUTPUT
    return GenerationFailed(code, code.summary, raw=draft.raw)


def _problem(draft: Draft) -> str:
    """Return what holds a draft back, with its first sentence; empty if nothing does."""
    if held := held_back(draft.warnings):
        more = [MORE.format(count=len(held) - 1)] if held[1:] else []
        quote = [f"“{_shortened(held[0].sentence)}”"] if held[0].sentence else []
        return " ".join([held[0].name.summary, *quote, *more])
    return "" if draft.is_post else NO_POST.format(quote=_shortened(draft.content))


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= QUOTE_LIMIT else f"{text[:QUOTE_LIMIT]}…"
