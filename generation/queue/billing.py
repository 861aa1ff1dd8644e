"""Bills: what each attempt at a generation spent, added to the attempts before it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from blogs.models import MODEL_MAX_LENGTH
from generation.budgets.alerts import alert_if_beyond
from generation.budgets.periods import today
from generation.budgets.settlement import Ending
from generation.costs import EMBEDDED_MODEL, Usage, cost, price_of
from generation.llm.paid_answers import PaidAnswers
from generation.llm.providers import configured_provider, fallback_provider
from generation.models import Generation
from generation.prices.table import known_prices

FREE, UNKNOWN = "free", "unknown"


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
        model: that was requested; what another one answered is priced as that one's.
        usage: calls and tokens.
    """

    provider: str
    model: str
    usage: Usage

    @property
    def cost(self) -> Decimal | None:
        """US dollars; None if any of it is not known."""
        return cost(self.model, self.usage, known_prices())

    @property
    def provenance(self) -> dict[str, Any]:
        """Whose prices of when were used, and which models answered although another was requested."""
        if self.model == EMBEDDED_MODEL:
            return {"prices_of": FREE}
        prices = known_prices()
        used = (price_of(name, self.model, prices) for name, _ in self.usage.shares(self.model))
        others = self.usage.others(self.model)
        sources = sorted({price.source if price else UNKNOWN for price in used})
        return {"prices_of": "; ".join(sources), **({"answered_by": others} if others else {})}

    def added_to(self, generation: Generation) -> Total:
        """Return this together with what earlier attempts spent; the cost of both is known, or it is null."""
        before = generation.cost if generation.calls else Decimal(0)
        mine = self.cost
        return Total(
            provider=self.provider,
            model=self.model[:MODEL_MAX_LENGTH],
            calls=generation.calls + self.usage.calls,
            prompt_tokens=generation.prompt_tokens + self.usage.prompt_tokens,
            cached_tokens=generation.cached_tokens + self.usage.cached_tokens,
            completion_tokens=generation.completion_tokens + self.usage.completion_tokens,
            cost=None if before is None or mine is None else before + mine,
        )


def ending_of(generation: Generation, total: Total) -> Ending:
    """Return what budgets are to know of the end of a generation, whose `spent_at_most` is final.

    Args:
        generation: as it was before, with its row locked.
        total: of all its attempts.
    """
    alert_if_beyond(generation.pk, generation.reserved, generation.spent_at_most)
    return Ending(
        accounts=tuple(generation.accounts.split()),
        day=generation.charged_on or today(),
        reserved=generation.reserved,
        spent=generation.spent_at_most,
        model=total.model or writer_of(generation)[:MODEL_MAX_LENGTH],
        posts=1,
        calls=total.calls,
        tokens=total.prompt_tokens + total.completion_tokens,
        is_uncertain=total.cost is None,
    )


def settled(generation: Generation) -> Total:
    """Return the total with what was spent but is not on the bill, of a generation that ends unwritten."""
    usage = PaidAnswers.of(generation).usage
    return (
        Bill(generation.provider, writer_of(generation), usage).added_to(generation) if usage else total_of(generation)
    )


def writer_of(generation: Generation) -> str:
    """Return the model that writes a generation, as far as its row says."""
    if generation.fallback_reason and (fallback := fallback_provider()):
        return fallback.model
    return generation.model or configured_provider(generation.requested_model).model


def total_of(generation: Generation) -> Total:
    """Return what is on a generation's bill."""
    return Total(*(getattr(generation, name) for name in Total._fields))
