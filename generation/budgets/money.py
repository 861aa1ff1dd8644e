"""Money as budgets count it: whole millionths of a US dollar, rounded up."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from generation.costs import EMBEDDED_MODEL, Prices, Usage, most, price_of
from generation.prices.table import known_prices

A_DOLLAR = 1_000_000


def micro(dollars: Decimal) -> int:
    return int((dollars * A_DOLLAR).to_integral_value(ROUND_CEILING))


def dollars(amount: int) -> Decimal:
    return (Decimal(amount) / A_DOLLAR).quantize(Decimal("0.000001"))


def has_price(model: str) -> bool:
    """Whether budgets in dollars bind a model: the embedded one costs nothing."""
    return model != EMBEDDED_MODEL and price_of(model, model, known_prices()) is not None


def most_of(model: str, usage: Usage, prices: Prices | None = None) -> int:
    """Return what a model's usage can have cost at most; 0 if the model has no price: no budget binds it.

    Args:
        model: that was requested.
        prices: by model; the known ones unless given.
    """
    cost = most(model, usage, known_prices() if prices is None else prices)
    return 0 if cost is None else micro(cost)
