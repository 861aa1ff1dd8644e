"""Prices and durations as people read them."""

from decimal import Decimal

import pytest

from generation.reporting.formatting import cost_of, dollars, lasting, sum_of_dollars


@pytest.mark.parametrize(
    ("cost", "shown"),
    [
        (None, "unknown"), (Decimal(0), "$0.00"), (Decimal("0.00132"), "$0.0013"), (Decimal("0.0106"), "$0.011"),
        (Decimal("0.25"), "$0.25"), (Decimal("1234.567"), "$1,234.57"),
    ],
)  # fmt: skip
def test_prices_keep_two_significant_digits_below_a_dollar(cost, shown):
    assert dollars(cost) == shown


@pytest.mark.parametrize(
    ("known", "unknown", "shown"),
    [
        (None, 0, "$0.00"), (Decimal("0.25"), 0, "$0.25"), (Decimal("0.25"), 1, "$0.25 + 1 unknown"),
        (None, 2, "unknown"), (Decimal(0), 2, "unknown"),
    ],
)  # fmt: skip
def test_a_sum_says_how_many_of_its_parts_are_unknown(known, unknown, shown):
    assert sum_of_dollars(known, unknown) == shown


def test_a_cost_is_unknown_only_of_what_was_called():
    assert (cost_of(0, None), cost_of(2, None), cost_of(2, Decimal("0.25"))) == ("-", "unknown", "$0.25")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (4.21, "4.2 s"),
        (12, "12 s"),
        (59.6, "1 min 00 s"),
        (65, "1 min 05 s"),
        (12_000, "3 h 20 min"),
        (432_000, "5 days"),
    ],
)
def test_durations_are_shown_in_two_units_at_most(seconds, shown):
    assert lasting(seconds) == shown
