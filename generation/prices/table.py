"""The prices in the database, as each process remembers them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from generation.costs import Price, Prices, configured_prices
from generation.models import ModelPrice

REMEMBERED_FOR = 60.0  # seconds: no post costs a query of its own
_remembered: tuple[float, Prices] | None = None
_all: tuple[Prices, tuple[Any, ...], Prices] | None = None


def known_prices() -> Prices:
    """Return the prices by model: the operator's, before those that were stored, before those of this version."""
    global _remembered
    if _remembered is None or time.monotonic() > _remembered[0]:
        _remembered = time.monotonic() + REMEMBERED_FOR, _stored()
    return _together(_remembered[1])


def _together(stored: Prices) -> Prices:
    """Return the stored prices with those of the settings, put together once: every request looks at them."""
    global _all
    of_settings = settings.MODEL_PRICES, settings.BUILT_IN_PRICES, settings.MODEL_PRICES_DATE
    if _all is None or _all[0] is not stored or _all[1] != of_settings:
        _all = stored, of_settings, configured_prices(stored)
    return _all[2]


def prices_without_fail() -> Prices:
    """Return `known_prices`, or without a database those that need none."""
    return known_prices() if is_readable() else configured_prices()


def is_readable() -> bool:
    """Whether the stored prices can be read; no file is made for it."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    try:
        known_prices()
    except DatabaseError:
        return False
    return True


def store(prices: Mapping[str, Price]) -> None:
    """Replace the stored prices: those of a provider that was configured before would be wrong for this one."""
    longest = ModelPrice._meta.get_field("model").max_length or 0
    today = timezone.now().date()
    rows = [
        ModelPrice(model=name, as_of=today, **price._asdict()) for name, price in prices.items() if len(name) <= longest
    ]
    columns = ["as_of", *Price._fields]
    with transaction.atomic():
        ModelPrice.objects.all().delete()
        # Another host may be storing at the same time.
        ModelPrice.objects.bulk_create(rows, update_conflicts=True, unique_fields=["model"], update_fields=columns)
    forget()


def forget() -> None:
    """Read the table again when it is needed next."""
    global _remembered
    _remembered = None


def _stored() -> dict[str, Price]:
    rows = ModelPrice.objects.values_list("model", "as_of", *Price._fields)
    return {
        name: Price(fresh, cached, output, written, f"{source}, {as_of}")
        for name, as_of, fresh, cached, output, written, source in rows
    }
