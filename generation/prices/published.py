"""Prices that the package `genai-prices` brings, which only this module imports, for processes that end at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from generation.costs import Price

if TYPE_CHECKING:
    from genai_prices.types import ModelPrice, TieredPrices

SOURCE = "genai-prices {version}"


def published(url: str, names: Iterable[str]) -> dict[str, Price]:
    """Return what the provider behind a base URL charges today for each of its models, and for these names of them.

    A server that the package does not know has no prices, whatever its models are called: elsewhere a model of the same
    name costs more or less, and nothing on one's own machine. The import costs half a second and 27 MB.
    """
    from genai_prices import __version__
    from genai_prices.data_snapshot import get_snapshot

    snapshot = get_snapshot()
    try:
        provider = snapshot.find_provider(None, None, url)
    except LookupError:
        return {}
    models = {model.id: model for model in provider.models}
    for name in names:
        if model := provider.find_model(name.lower(), all_providers=snapshot.providers):
            models[name] = model
    now, source = datetime.now(UTC), SOURCE.format(version=__version__)
    found = {name: _price(model.get_prices(now), source) for name, model in models.items()}
    return {name: price for name, price in found.items() if price}


def _price(published: ModelPrice, source: str) -> Price | None:
    """Return a price for text; None of a model that has none, such as one for sound."""
    fresh, output = _base(published.input_mtok), _base(published.output_mtok)
    if fresh is None or output is None:
        return None
    cached, written = _base(published.cache_read_mtok), _base(published.cache_write_mtok)
    return Price.read(
        [fresh, fresh if cached is None else cached, output, *([] if written is None else [written])], source
    )


def _base(price: Decimal | TieredPrices | None) -> Decimal | None:
    """Return the price of the first token: the tiers begin beyond what one post may use."""
    return price if price is None or isinstance(price, Decimal) else price.base
