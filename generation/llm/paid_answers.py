"""What was paid for one post: answers that no later attempt asks for again, and the tokens spent so far."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import astuple
from typing import Any, Self

from generation.costs import Usage
from generation.llm.request import ModelRequest
from generation.llm.responses import Completion


class PaidAnswers:
    """Paid answers by the call that they answer.

    An answer that an attempt paid for is found by the next one, after a crash or a failure, as long as model, prompt
    and sampling are the same to the letter. Its usage is kept with it until it is on the generation's bill.

    Args:
        spent: tokens on the bill already.
        saved: `as_json` of an earlier attempt.
    """

    def __init__(self, spent: int = 0, saved: dict[str, Any] | None = None) -> None:
        saved = saved or {}
        self.spent = spent
        # Makes the calls of another attempt the same.
        self.seed: int = saved.get("seed") or secrets.randbelow(2**31)
        self._answers: dict[str, tuple[str, Usage]] = {
            key: (text, Usage(*usage)) for key, (text, usage) in saved.get("answers", {}).items()
        }
        # What was spent and is not on the bill: by these answers, and by every call from here on.
        self.usage = sum((usage for _, usage in self._answers.values()), Usage())

    def __len__(self) -> int:
        return len(self._answers)

    def __bool__(self) -> bool:
        return True  # an attempt without answers has spent something all the same

    def spend(self, usage: Usage) -> None:
        """Count what a call took, whether an answer came of it or not."""
        self.usage += usage

    def find(self, model: str, ask: ModelRequest) -> str | None:
        """Return the answer to `ask` that is paid for, if there is one."""
        found = self._answers.get(key_of(model, ask)) if self._answers else None
        return found[0] if found else None

    def keep(self, model: str, ask: ModelRequest, completion: Completion) -> None:
        self._answers[key_of(model, ask)] = completion.text, completion.usage

    def as_json(self, *, billed: bool = False) -> dict[str, Any] | None:
        """Return what a later attempt needs, None for nothing; `billed` when the usage is being put on the bill."""
        if not self._answers:
            return None
        kept = self._answers.copy()  # in one go: the loop may be adding to it in another thread
        answers = {key: [text, astuple(Usage() if billed else usage)] for key, (text, usage) in kept.items()}
        return {"seed": self.seed, "answers": answers}

    @classmethod
    def of(cls, generation: Any) -> Self:
        """Return those of a generation's row."""
        return cls(generation.prompt_tokens + generation.completion_tokens, generation.steps)


def key_of(model: str, ask: ModelRequest) -> str:
    said = json.dumps([model, ask.messages, dict(ask.sampling), ask.json_schema], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:24]
