"""What goes into the writer and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.writer.prompts.problems import describe_problems


class Report(Protocol):
    """Told at each step: the stage (`plan`, `write`, `edit` or `check`), how much of it is done, of how much, and the
    text so far if there is more of it than before: whole, or as a list that more pieces are added to.
    """

    def __call__(self, stage: str, done: int, total: int, text: Sequence[str] | None = None, /) -> None: ...


@dataclass(frozen=True)
class Draft:
    """A finished text, not yet anybody's post.

    Args:
        title: plain text, at most 255 characters.
        content: Markdown with `##` headings.
        usage: everything that was spent on it.
        gate: the figures of `textcheck.gate`, with the names of the failed checks under `failed`.
        prompt_version: which prompts and sampling wrote it.
        provenance: how it can be accounted for: `sampling`, `seed`, `seconds` by stage, `house_style` by hash.
        raw: what the model had said before it was edited, if that is something else.
    """

    title: str
    content: str
    usage: Usage
    gate: dict[str, Any]
    prompt_version: str
    provenance: dict[str, Any] = field(default_factory=dict)
    raw: str = ""


class RejectedDraft(GenerationFailed):
    """A whole text that did not pass the checks, for a person to decide on."""

    def __init__(self, draft: Draft, message: str) -> None:
        super().__init__(FailureCode.INVALID_OUTPUT, message, raw=draft.content)
        self.draft = draft


def checked(draft: Draft) -> Draft:
    """Return `draft` if it passed the gate.

    Raises:
        RejectedDraft: it did not, and is a whole text.
        GenerationFailed: it did not, and is none.
    """
    raw = draft.raw.strip() or draft.content
    if not raw:
        raise GenerationFailed(FailureCode.EMPTY_OUTPUT, "The model wrote nothing.")
    if not draft.gate["failed"]:
        return draft
    problem = f"The text did not pass the checks. {describe_problems(draft.gate, draft.gate['wanted'])}"
    if draft.content.strip() and draft.title.strip():
        raise RejectedDraft(draft, problem)
    raise GenerationFailed(FailureCode.INVALID_OUTPUT, problem, raw=raw)
