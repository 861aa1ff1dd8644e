"""A finished text, as a worker hands it to the queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generation.queue.billing import Bill
from generation.queue.claim import Claim


@dataclass(frozen=True)
class FinishedText:
    """A whole text, on its way to its post.

    Args:
        claim: under which it was written.
        title: plain text, at most 255 characters.
        content: Markdown.
        bill: what this attempt spent.
        gate: the measures of the checks, with the names of the failed ones under `failed`; JSON.
        prompt_version: which prompts and sampling wrote it.
        provenance: how else the text can be accounted for; JSON.
        warnings: what is wrong with it: `name`, `sentence`, `detail` and `note` of each; JSON.
    """

    claim: Claim
    title: str
    content: str
    bill: Bill
    gate: dict[str, Any]
    prompt_version: str
    provenance: dict[str, Any]
    warnings: list[dict[str, str]]
