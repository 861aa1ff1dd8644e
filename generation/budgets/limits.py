"""Limits: what each account may spend, by the settings and by what an administrator granted a user."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from django.conf import settings

from accounts.models import User
from generation.budgets.accounts import SELF_REGISTERED, SHARED, SITE
from generation.budgets.money import micro
from generation.costs import Prices, price_of
from generation.llm.providers import Provider, configured_provider, fallback_provider
from generation.models import Budget
from generation.prices.table import prices_without_fail

# Of what is not set, while a provider costs money; US dollars.
DEFAULTS = {"BUDGET_USER_DAY": Decimal(1), "BUDGET_SITE_DAY": Decimal(5)}
SETTINGS = {
    (True, Budget.Kind.DAY): "BUDGET_USER_DAY",
    (True, Budget.Kind.MONTH): "BUDGET_USER_MONTH",
    (False, Budget.Kind.DAY): "BUDGET_SITE_DAY",
    (False, Budget.Kind.MONTH): "BUDGET_SITE_MONTH",
}


def limit_of(account: str, kind: Budget.Kind, user: User | None) -> int | None:
    """Return the limit of an account for a period: millionths of a dollar, or posts; None for none.

    Args:
        user: whose account it is; what is granted to one changes nothing of the shared ones.
    """
    if kind == Budget.Kind.POSTS:
        granted = user.posts_day if user else None
        return settings.POSTS_USER_DAY if granted is None else granted
    if kind == Budget.Kind.QUEUE:
        return int(settings.QUEUE_USER_LIMIT)
    if account == SELF_REGISTERED:
        whole = limit_of(SITE, kind, None)
        return whole // 2 if whole is not None and kind == Budget.Kind.DAY else None
    own = None
    if user and account not in SHARED:
        own = user.budget_day if kind == Budget.Kind.DAY else user.budget_month
    dollars = own if own is not None else granted_to_all(SETTINGS[account != SITE, kind])
    return None if dollars is None else _micro(dollars)


_micro = lru_cache(maxsize=256)(micro)  # the same few amounts come again and again, several with each request


def granted_to_all(name: str) -> Decimal | None:
    """Return the limit of a setting in US dollars, or its default while it is not set; None for none."""
    if name in settings.BUDGETS:
        return settings.BUDGETS[name]
    return DEFAULTS[name] if name in DEFAULTS and costs_money() else None


def costs_money() -> bool:
    """Whether a provider of the settings is paid: not a server on this machine."""
    first, fallback = settings.OPENAI_API_KEY, settings.FALLBACK_API_KEY
    return _costs_money(first, settings.OPENAI_BASE_URL, fallback, settings.FALLBACK_BASE_URL)


@lru_cache(maxsize=4)
def _costs_money(*of_settings: str) -> bool:
    """Remember the answer for these settings: every request needs it several times."""
    return any(not provider.is_local for provider in providers())


def providers(model: str = "") -> Iterator[Provider]:
    """Yield who may write a post."""
    yield configured_provider(model)
    if fallback := fallback_provider():
        yield fallback


def without_price(prices: Prices | None = None) -> list[str]:
    """Return the models of the settings whose price is not known, so that no budget in dollars binds them.

    Args:
        prices: by model; the known ones unless given.
    """
    offered = [configured_provider(model) for model in settings.MODELS]
    models = dict.fromkeys(p.model for p in [*offered, *providers()] if p.name != "embedded")
    prices = prices_without_fail() if prices is None else prices
    return [model for model in models if price_of(model, model, prices) is None]
