from decimal import Decimal

from pytest_django import Settings

from generation.costs import EMBEDDED_MODEL, Usage, cost


def test_cost_counts_cached_tokens_at_their_own_price(settings: Settings) -> None:
    settings.MODEL_PRICES = {"some-model": (1.0, 0.5, 4.0)}
    usage = Usage(prompt_tokens=1_000_000, completion_tokens=500_000, cached_tokens=400_000, calls=3)
    assert cost("some-model", usage) == Decimal("2.8")
    assert cost("some-model-2024-07-18", usage) == Decimal("2.8")


def test_the_embedded_model_is_free_and_a_model_without_a_price_has_no_cost() -> None:
    assert cost(EMBEDDED_MODEL, Usage(5, 5, 0, 1)) == 0
    assert cost("unheard-of", Usage(5, 5, 0, 1)) is None


def test_usage_adds_up() -> None:
    assert Usage(1, 2, 3, 4) + Usage(10, 20, 30, 40) == Usage(11, 22, 33, 44)
