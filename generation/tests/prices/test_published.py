"""Which prices the package genai-prices brings for a provider."""

from decimal import Decimal

from generation.llm.providers import OPENAI_URL
from generation.prices.published import published


def test_openai_has_prices_for_all_its_models_by_their_names_of_today() -> None:
    prices = published(OPENAI_URL, ["gpt-5.6-luna-2026-07-30"])

    mini = prices["gpt-4o-mini"]
    assert mini[:3] == (Decimal("0.15"), Decimal("0.075"), Decimal("0.6"))
    assert mini.source.startswith("genai-prices ")
    assert len(prices) > 50
    luna = prices["gpt-5.6-luna-2026-07-30"]
    assert luna.written == luna.fresh * Decimal("1.25")
    assert luna.cached < luna.fresh < luna.output


def test_models_that_write_no_text_are_left_out() -> None:
    assert "whisper-1" not in published(OPENAI_URL, [])


def test_each_provider_has_its_own_prices() -> None:
    assert published("https://api.deepseek.com/v1", ["deepseek-chat"])["deepseek-chat"].fresh > 0
    assert "gpt-4o-mini" not in published("https://api.deepseek.com/v1", ["gpt-4o-mini"])


def test_a_server_that_nobody_knows_has_no_prices_whatever_its_models_are_called() -> None:
    assert published("http://127.0.0.1:11434/v1", ["gpt-4o-mini", "qwen2.5"]) == {}
