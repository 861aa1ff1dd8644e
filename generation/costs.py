"""Usage of model calls, and its cost by the prices in the settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

EMBEDDED_MODEL = "SmolLM2-135M-Instruct"


def cost(model: str, usage: Usage) -> Decimal | None:
    """Return the price of `usage` in US dollars by `settings.MODEL_PRICES`; None for a model without a price there."""
    if model == EMBEDDED_MODEL:
        return Decimal(0)
    if usage.calls and not usage.prompt_tokens:
        return None  # the server does not count tokens
    prices = settings.MODEL_PRICES.get(model) or settings.MODEL_PRICES.get(re.sub(r"-\d{4}-\d\d-\d\d$", "", model))
    if prices is None:
        return None
    fresh, cached, output = (Decimal(str(price)) for price in prices)
    tokens = (
        (usage.prompt_tokens - usage.cached_tokens) * fresh
        + usage.cached_tokens * cached
        + usage.completion_tokens * output
    )
    return tokens / 1_000_000


@dataclass(frozen=True)
class Usage:
    """Tokens and calls that were spent; `cached_tokens` are part of `prompt_tokens`."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    calls: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
            self.calls + other.calls,
        )
