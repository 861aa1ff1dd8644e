"""What a generation has cost so far, as columns of its row."""

from __future__ import annotations

from typing import Any

from generation.costs import Usage, cost
from generation.llm.paid_answers import PaidAnswers
from generation.llm.providers import configured_provider
from generation.models import MODEL_MAX_LENGTH, Generation

SPENT = ("calls", "prompt_tokens", "cached_tokens", "completion_tokens", "cost")


def owed(generation: Generation) -> dict[str, Any]:
    """Return the bill with the answers that are paid for but not on it yet, as columns; they are kept no longer."""
    facts: dict[str, Any] = {"steps": None}
    if (usage := PaidAnswers.of(generation).usage).calls:
        model = generation.model or configured_provider().model[:MODEL_MAX_LENGTH]
        facts |= {"model": model} | added_up(generation, bill(model, usage))
    return facts


def bill(model: str, usage: Usage) -> dict[str, Any]:
    """Return `usage` as columns of a generation."""
    return {
        "calls": usage.calls,
        "prompt_tokens": usage.prompt_tokens,
        "cached_tokens": usage.cached_tokens,
        "completion_tokens": usage.completion_tokens,
        "cost": cost(model, usage),
    }


def added_up(generation: Generation, facts: dict[str, Any]) -> dict[str, Any]:
    """Return `facts` with what was spent added to what earlier attempts had spent."""
    sums = {name: (getattr(generation, name) or 0) + facts[name] for name in SPENT if facts.get(name) is not None}
    return {name: value for name, value in facts.items() if name not in SPENT} | sums
