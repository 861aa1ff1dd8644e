"""What the writer returns: a draft, a rejected draft, and its progress on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.writer.checks.findings import Finding
from generation.writer.prompts.problems import describe_problems

CHECKS_FAILED = "The text did not pass the checks. {problems}"


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
        gate: the measures of `checks.gate`, with the names of the failed checks under `failed`.
        prompt_version: which prompts and sampling wrote it.
        provenance: how it was made: `sampling`, `seed`, `seconds` by stage, `house_style` by hash, calls by
            `service_tier` if the answers named one.
        raw: what the model wrote before it was edited, if that differs.
        warnings: what is wrong with it all the same, for whoever reads it before the readers do.
    """

    title: str
    content: str
    usage: Usage
    gate: dict[str, Any]
    prompt_version: str
    provenance: dict[str, Any] = field(default_factory=dict)
    raw: str = ""
    warnings: tuple[Finding, ...] = ()


class RejectedDraft(GenerationFailed):
    """A complete text that did not pass the checks, for a person to decide on."""

    def __init__(self, draft: Draft, message: str) -> None:
        super().__init__(FailureCode.INVALID_OUTPUT, message, raw=draft.content)
        self.draft = draft


def checked(draft: Draft) -> Draft:
    """Return `draft` if it passed the gate.

    Raises:
        RejectedDraft: it did not pass, but it is a complete text.
        GenerationFailed: it did not pass, and is no complete text.
    """
    raw = draft.raw.strip() or draft.content
    if not raw:
        raise GenerationFailed(FailureCode.EMPTY_OUTPUT, FailureCode.EMPTY_OUTPUT.summary)
    if not draft.gate["failed"]:
        return draft
    problem = CHECKS_FAILED.format(problems=describe_problems(draft.gate, draft.gate["wanted"]))
    if draft.content.strip() and draft.title.strip():
        raise RejectedDraft(draft, problem)
    raise GenerationFailed(FailureCode.INVALID_OUTPUT, problem, raw=raw)
