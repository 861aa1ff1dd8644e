"""A worker's right to write one generation."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from generation.llm.paid_answers import PaidAnswers
from generation.models import Generation, State


@dataclass
class Claim:
    """A worker's right to write one generation, and how far it got."""

    id: int
    post_id: int
    token: uuid.UUID
    worker: str
    provider: str
    brief_title: str
    brief: str
    options: dict[str, str]
    paid_answers: PaidAnswers
    attempts: int
    request_id: str
    is_suspect: bool = False
    lost_by: str = ""  # the worker that died with it
    stage: str = ""
    done: int = 0
    total: int = 0
    text: Sequence[str] = ""  # whole, or in pieces that more are added to
    saved: tuple[str, int, int, int, int] = ("", 0, 0, 0, 0)
    taken_at: float = field(default_factory=time.monotonic)
    written: bool = False  # from here on the outcome is only to be recorded

    def report(self, stage: str, done: int, total: int, text: Sequence[str] | None = None, /) -> None:
        """Note the progress and the text so far; they are saved with the next renewal."""
        self.stage, self.done, self.total = stage, done, total
        self.text = self.text if text is None else text

    @property
    def progress(self) -> tuple[str, int, int]:
        return self.stage, self.done, self.total

    @property
    def state(self) -> tuple[str, int, int, int, int]:
        """What a renewal saves: how far the work is, how much text there is and how many answers are paid for."""
        return *self.progress, len(self.text), len(self.paid_answers)

    def mine(self) -> Any:
        """Return the row if this claim still holds it."""
        return Generation.objects.filter(pk=self.id, token=self.token, status=State.IN_PROGRESS)
