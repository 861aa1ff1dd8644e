"""Bills: what each attempt at a generation spent, added to the attempts before it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from blogs.models import MODEL_MAX_LENGTH
from generation.costs import Usage, cost
from generation.llm.paid_answers import PaidAnswers
from generation.llm.providers import configured_provider, fallback_provider
from generation.models import Generation


class Total(NamedTuple):
    """What all attempts at a generation have cost together; its fields are named as the row's columns."""

    provider: str
    model: str
    calls: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    cost: Decimal | None


@dataclass(frozen=True)
class Bill:
    """What one attempt has spent.

    Args:
        provider: the name of who was paid.
        model: what was paid for, which sets the price.
        usage: calls and tokens.
    """

    provider: str
    model: str
    usage: Usage

    @property
    def cost(self) -> Decimal | None:
        """US dollars; None if the model's price is not known."""
        return cost(self.model, self.usage)

    def added_to(self, generation: Generation) -> Total:
        """Return this together with what earlier attempts spent; a cost that is not known leaves theirs."""
        return Total(
            provider=self.provider,
            model=self.model[:MODEL_MAX_LENGTH],
            calls=generation.calls + self.usage.calls,
            prompt_tokens=generation.prompt_tokens + self.usage.prompt_tokens,
            cached_tokens=generation.cached_tokens + self.usage.cached_tokens,
            completion_tokens=generation.completion_tokens + self.usage.completion_tokens,
            cost=generation.cost if self.cost is None else (generation.cost or 0) + self.cost,
        )


def settled(generation: Generation) -> Total:
    """Return the total with the answers that are paid for but not on the bill, of a generation that ends unwritten."""
    usage = PaidAnswers.of(generation).usage
    if usage.calls:
        fallback = fallback_provider() if generation.fallback_reason else None
        provider = fallback or configured_provider(generation.requested_model)
        model = provider.model if fallback else generation.model or provider.model
        return Bill(generation.provider, model, usage).added_to(generation)
    return Total(*(getattr(generation, name) for name in Total._fields))
