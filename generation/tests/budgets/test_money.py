"""Money in budgets: whole millionths of a dollar, never rounded down."""

from decimal import Decimal

import pytest

from blogsite.testing.posts import MODEL
from generation.budgets.money import dollars, has_price, micro, most_of
from generation.costs import EMBEDDED_MODEL, Price, Usage

PRICES = {MODEL: Price.read((Decimal("0.15"), Decimal("0.075"), Decimal("0.6")), "")}


@pytest.mark.parametrize(("amount", "counted"), [("1", 1_000_000), ("0.0000001", 1), ("0.000001", 1), ("0", 0)])
def test_no_fraction_of_a_millionth_is_lost(amount: str, counted: int) -> None:
    assert micro(Decimal(amount)) == counted


def test_an_amount_is_shown_with_all_its_digits() -> None:
    assert str(dollars(1_234_567)) == "1.234567"
    assert str(dollars(10**15)) == "1000000000.000000"


def test_a_call_that_nobody_counted_costs_what_it_can_at_most() -> None:
    call = Usage(1_000_000, 0, calls=1, estimated=1, cut_tokens=1_000_000)
    assert most_of(MODEL, call, PRICES) == 187_500 + 600_000  # its prompt may have been written to the cache


@pytest.mark.parametrize("model", ["nobody-knows-me", EMBEDDED_MODEL])
def test_a_model_without_a_price_costs_budgets_nothing(model: str) -> None:
    assert (has_price(model, PRICES), most_of(model, Usage(1_000, 1_000, calls=1), PRICES)) == (False, 0)
