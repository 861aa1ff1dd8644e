"""Paid answers of one post, so that later attempts do not buy them again, and the tokens spent so far."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import astuple
from typing import Any, Protocol, Self

from generation.costs import Usage
from generation.llm.request import ModelRequest
from generation.llm.responses import Completion


class GenerationRow(Protocol):
    """The columns of a generation that its next attempt starts from."""

    prompt_tokens: int
    completion_tokens: int
    steps: Any


class PaidAnswers:
    """Paid answers by their request, and what was spent.

    An answer that an attempt paid for is found by the next one, after a crash or a failure, as long as model, prompt
    and sampling are exactly the same. What was spent, on calls without an answer too, is kept with them until it is on
    the generation's bill.

    Args:
        spent: tokens on the bill already.
        saved: the result of `as_json` in an earlier attempt.
    """

    def __init__(self, spent: int = 0, saved: dict[str, Any] | None = None) -> None:
        saved = saved or {}
        self.spent = spent
        # Makes the requests of another attempt the same.
        self.seed: int = saved.get("seed") or secrets.randbelow(2**31)
        answers = saved.get("answers", {})
        self._answers: dict[str, str] = {key: text for key, (text, _) in answers.items()}
        # How many calls each service tier answered, as far as answers named one.
        self.tiers: dict[str, int] = dict(saved.get("tiers", {}))
        # What was spent and is not on the bill. Earlier versions saved it with each answer.
        of_answers = (Usage.from_json(usage) for _, usage in answers.values())
        self.usage = sum(of_answers, Usage.from_json(saved.get("usage", ())))

    def __len__(self) -> int:
        return len(self._answers)

    def __bool__(self) -> bool:
        return True  # even an attempt without answers has spent something

    def spend(self, usage: Usage) -> None:
        """Add what a call used, whether it produced an answer or not."""
        self.usage += usage

    def count_tier(self, tier: str) -> None:
        """Note by which service tier a call is paid, if its answer said so."""
        if tier:
            self.tiers[tier] = self.tiers.get(tier, 0) + 1

    def find(self, model: str, request: ModelRequest) -> str | None:
        """Return the answer to `request` if it is paid for."""
        return self._answers.get(_key(model, request)) if self._answers else None

    def keep(self, model: str, request: ModelRequest, completion: Completion) -> None:
        self._answers[_key(model, request)] = completion.text

    def as_json(self, *, billed: bool = False) -> dict[str, Any] | None:
        """Return what a later attempt needs, or None; `billed` when the usage is going on the bill with it."""
        copy = self._answers.copy()  # atomic: the event loop may be adding answers in another thread
        usage = Usage() if billed else self.usage  # after the answers: no answer without what it cost
        if not copy and not usage:
            return None
        spent: dict[str, Any] = {"usage": astuple(usage)} if usage else {}
        spent |= {"tiers": dict(self.tiers)} if self.tiers else {}
        return {"seed": self.seed, "answers": {key: [text, []] for key, text in copy.items()}, **spent}

    @classmethod
    def of(cls, generation: GenerationRow) -> Self:
        """Return the paid answers of a generation's row."""
        return cls(generation.prompt_tokens + generation.completion_tokens, generation.steps)


def _key(model: str, request: ModelRequest) -> str:
    parts = [model, request.messages, dict(request.sampling), request.json_schema]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]
