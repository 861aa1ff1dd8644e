"""What usage costs, and whose price counts."""

import json
from dataclasses import astuple
from decimal import Decimal

import pytest
from pytest_django import Settings

from generation.costs import EMBEDDED_MODEL, Price, Usage, cost, is_same_model, most
from generation.llm.usage import usage_in

PRICES = {
    "some-model": Price.read((1.0, 0.5, 4.0), "test"),
    "other-model": Price.read((10, 5, 40, 12), "test"),
    "gpt-4o": Price.read((2.5, 1.25, 10), "test"),
    "gpt-4o-2024-05-13": Price.read((5, 2.5, 15), "test"),
}
MILLION = Usage(prompt_tokens=1_000_000, calls=1)


def test_cost_counts_cached_tokens_at_their_own_price(settings: Settings) -> None:
    settings.MODEL_PRICES = {"some-model": (1.0, 0.5, 4.0)}
    usage = Usage(prompt_tokens=1_000_000, completion_tokens=500_000, cached_tokens=400_000, calls=3)
    assert cost("some-model", usage) == Decimal("2.8")
    assert cost("some-model-2024-07-18", usage) == Decimal("2.8")


def test_prices_of_the_settings_come_before_those_of_this_version(settings: Settings) -> None:
    assert cost("gpt-4o-mini", MILLION) == Decimal("0.15")
    settings.MODEL_PRICES = {"gpt-4o-mini": [0.3, 0.1, 1]}
    assert cost("gpt-4o-mini", MILLION) == Decimal("0.3")


def test_what_is_written_to_the_cache_costs_a_quarter_more_unless_its_price_is_known() -> None:
    usage = Usage(prompt_tokens=1_000_000, written_tokens=1_000_000, calls=1)
    assert cost("some-model", usage, PRICES) == Decimal("1.25")
    assert cost("other-model", usage, PRICES) == 12


def test_more_cached_tokens_than_the_prompt_has_never_make_a_cost_negative() -> None:
    usage = Usage(prompt_tokens=4, cached_tokens=20_000, written_tokens=20_000, calls=1)
    assert cost("some-model", usage, PRICES) == Decimal("0.000002")


def test_the_embedded_model_is_free_and_a_model_without_a_price_has_no_cost() -> None:
    assert cost(EMBEDDED_MODEL, Usage(5, 5, 0, 1)) == 0
    assert cost("unheard-of", Usage(5, 5, 0, 1)) is None


def test_an_answer_of_another_model_is_priced_as_that_one() -> None:
    assert cost("some-model", MILLION.answered_by("other-model"), PRICES) == 10
    assert cost("some-model", MILLION.answered_by("qwen2.5"), PRICES) is None
    assert cost("unheard-of", MILLION.answered_by("other-model"), PRICES) == 10


def test_a_version_is_priced_as_its_model_unless_it_has_a_price_of_its_own() -> None:
    assert cost("gpt-4o", MILLION.answered_by("gpt-4o-2024-08-06"), PRICES) == Decimal("2.5")
    assert cost("gpt-4o", MILLION.answered_by("gpt-4o-2024-05-13"), PRICES) == 5
    assert cost("some-model", MILLION.answered_by("vendor/some-model"), PRICES) == 1


def test_calls_that_different_models_answered_are_added_up() -> None:
    usage = MILLION + MILLION.answered_by("other-model") + MILLION.answered_by("some-model-20250929")
    assert cost("some-model", usage, PRICES) == 12
    assert cost("some-model", usage + MILLION.answered_by("qwen2.5"), PRICES) is None


@pytest.mark.parametrize("uncounted", [Usage(calls=1), Usage(9, 9, calls=1, estimated=1)])
def test_a_call_that_counted_nothing_makes_the_cost_unknown(uncounted: Usage) -> None:
    assert cost("some-model", uncounted, PRICES) is None
    assert cost("some-model", MILLION.answered_by("other-model") + uncounted, PRICES) is None


def test_nothing_costs_nothing() -> None:
    assert cost("unheard-of", Usage()) == 0


def test_usage_adds_up_and_survives_json() -> None:
    assert Usage(1, 2, 3, 4) + Usage(10, 20, 30, 40) == Usage(11, 22, 33, 44)
    usage = Usage(1, 2, 1, 1, 1).answered_by("a") + Usage(10, 20, 0, 2).answered_by("b") + Usage(5, calls=1)
    assert (usage.prompt_tokens, usage.calls) == (16, 4)
    assert Usage.from_json(json.loads(json.dumps(astuple(usage)))) == usage
    assert usage - Usage(5, calls=1) - Usage(10, 20, 0, 2).answered_by("b") == Usage(1, 2, 1, 1, 1).answered_by("a")


@pytest.mark.parametrize(
    ("requested", "answered", "same"),
    [
        ("gpt-4o-mini", "gpt-4o-mini-2024-07-18", True),
        ("gpt-3.5-turbo", "gpt-3.5-turbo-0125", True),
        ("claude-sonnet-4-5", "anthropic/claude-sonnet-4-5-20250929", True),
        ("qwen2.5", "Qwen2.5:latest", True),
        ("gpt-4o-mini", "qwen2.5-7b-instruct-q4_k_m", False),
        ("gpt-4o-mini", "gpt-4o", False),
        ("gpt-5.6-luna", "gpt-5.6-sol", False),
    ],
)
def test_names_that_differ_in_date_or_vendor_are_of_the_same_model(requested: str, answered: str, same: bool) -> None:
    assert is_same_model(requested, answered) == same
    assert Usage(calls=1).answered_by(answered).others(requested) == ([] if same else [answered])


def test_what_was_answered_in_the_flex_tier_costs_half() -> None:
    flex = usage_in({"model": "some-model-2024-07-18", "service_tier": "flex", "usage": {"prompt_tokens": 1_000_000}})
    standard = usage_in({"model": "some-model", "service_tier": "default", "usage": {"prompt_tokens": 1_000_000}})
    assert cost("some-model", flex, PRICES) == Decimal("0.5")
    assert cost("some-model", flex + standard, PRICES) == Decimal("1.5")
    assert flex.others("some-model") == []


def test_most_is_the_cost_where_everything_was_counted() -> None:
    usage = Usage(9_000, 800, 4_000, 2, 500) + Usage(70, 7, 0, 1).answered_by("other-model")
    assert most("some-model", usage, PRICES) == cost("some-model", usage, PRICES)
    assert most("unheard-of", MILLION.answered_by("other-model"), PRICES) == 10
    assert most(EMBEDDED_MODEL, Usage(5, 5, calls=1, estimated=1, cut_tokens=9), PRICES) == 0


def test_most_prices_what_was_not_counted_as_the_dearest_it_may_be() -> None:
    cut = Usage(1_000_000, 500_000, calls=1, estimated=1, cut_tokens=500_000)
    assert cost("some-model", cut, PRICES) is None
    assert most("some-model", cut, PRICES) == Decimal("1.25") + 4
    assert most("some-model", cut + MILLION.answered_by("other-model"), PRICES) == Decimal("5.25") + 10


def test_most_prices_an_unknown_answerer_as_the_requested_model() -> None:
    assert most("some-model", MILLION.answered_by("qwen2.5"), PRICES) == 1
    assert most("qwen2.5", MILLION, PRICES) is None


def test_usage_saved_by_earlier_versions_is_read() -> None:
    assert Usage.from_json([1, 2, 3, 4]) == Usage(1, 2, 3, 4)
    share = Usage(1, 2, 3, 4, 5, 6)
    assert Usage.from_json([1, 2, 3, 4, 5, 6, {"some-model": [1, 2, 3, 4, 5, 6, {}]}]) == share.answered_by(
        "some-model"
    )
    cut = Usage(calls=1, cut_tokens=9).answered_by("some-model")
    assert Usage.from_json(json.loads(json.dumps(astuple(cut)))) == cut
    assert (cut + cut - cut, bool(Usage(cut_tokens=1))) == (cut, True)
