"""Money as budgets count it: whole millionths of a US dollar, rounded up."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from generation.costs import EMBEDDED_MODEL, Prices, Usage, most, price_of

A_DOLLAR = 1_000_000


def micro(dollars: Decimal) -> int:
    return int((dollars * A_DOLLAR).to_integral_value(ROUND_CEILING))


def dollars(amount: int) -> Decimal:
    return (Decimal(amount) / A_DOLLAR).quantize(Decimal("0.000001"))


def has_price(model: str, prices: Prices) -> bool:
    """Whether budgets in dollars bind a model: the embedded one costs nothing."""
    return model != EMBEDDED_MODEL and price_of(model, model, prices) is not None


def most_of(model: str, usage: Usage, prices: Prices) -> int:
    """Return what a model's usage can have cost at most; 0 if the model has no price: no budget binds it.

    Args:
        model: that was requested.
        prices: by model.
    """
    cost = most(model, usage, prices)
    return 0 if cost is None else micro(cost)
