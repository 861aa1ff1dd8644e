"""`manage.py prices`: stores what the configured model costs."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from generation.costs import Price, price_of
from generation.llm.providers import OPENAI_URL, configured_provider
from generation.prices.published import published
from generation.prices.table import known_prices, store

STORED = "Stored the prices of {count} models."
PRICE = (
    "{model}: ${fresh:f} fresh, ${cached:f} cached, ${written:f} written to the cache, ${output:f} output ({source})."
)
UNKNOWN = "{model}: unknown. Set MODEL_PRICES if it is not free."
FREE = "The embedded model is free."


class Command(BaseCommand):
    help = (
        "Stores what the configured provider charges for a million tokens, from the package genai-prices, and prints "
        "the price of the configured model. `manage.py worker` does so at its start and once a day."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        provider = configured_provider()
        if provider.name == "embedded":
            self.stdout.write(FREE)
            return
        found = published(provider.base_url or OPENAI_URL, [provider.model, *settings.MODELS])
        store(found)
        self.stdout.write(STORED.format(count=len(found)))
        self.stdout.write(price_line(provider.model, price_of(provider.model, provider.model, known_prices())))


def price_line(model: str, price: Price | None) -> str:
    if price is None:
        return UNKNOWN.format(model=model)
    figures = {name: value.normalize() for name, value in price._asdict().items() if name != "source"}
    return PRICE.format(model=model, source=price.source, **figures)
