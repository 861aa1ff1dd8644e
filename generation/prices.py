"""What the calls of a model cost, by the prices in the settings."""

from __future__ import annotations

import re
from decimal import Decimal

from django.conf import settings

from generation.usage import Usage

EMBEDDED_MODEL = "SmolLM2-135M-Instruct"


def cost(model: str, usage: Usage) -> Decimal | None:
    """Return the price of `usage` in US dollars by `settings.MODEL_PRICES`; None for a model without a price there."""
    if model == EMBEDDED_MODEL:
        return Decimal(0)
    if usage.calls and not usage.prompt_tokens:
        return None  # the server counts nothing
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
