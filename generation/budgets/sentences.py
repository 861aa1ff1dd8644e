"""What the budgets of the settings allow, in sentences for operators."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings

from generation.budgets.accounts import SELF_REGISTERED
from generation.budgets.limits import costs_money, granted_to_all, limit_of, without_price
from generation.budgets.money import dollars
from generation.costs import configured_prices
from generation.models import Budget

NO_LIMIT = "without a limit"
TOGETHER = "up to ${amount:,.2f} a day"
EACH = "up to ${amount:,.2f} a day with each account that they make"
UNKNOWN_PRICE = "{much}, or without a limit while the price of {models} is not known"
NOT_BOUND = "The price of {models} is not known, so no budget in dollars binds it. {hint}"
PRICE_HINT = (
    'Add to .env: MODEL_PRICES={{"{model}": [fresh, cached, output]}}, in US dollars for a million tokens; or run'
    " `manage.py prices`, which knows those of many providers."
)


def strangers_may_spend() -> str:
    """Return how much all who register by themselves may spend; no database is asked for it."""
    together, each = limit_of(SELF_REGISTERED, Budget.Kind.DAY, None), granted_to_all("BUDGET_USER_DAY")
    if together is not None:
        much = TOGETHER.format(amount=dollars(together))
    elif each is not None:
        much = EACH.format(amount=each)
    else:
        return NO_LIMIT
    unknown = without_price(configured_prices())
    return UNKNOWN_PRICE.format(much=much, models=", ".join(unknown)) if unknown else much


def limits_that_hold() -> str:
    """Return the limits of the settings in one line."""
    site = amounts(("BUDGET_SITE_DAY", "a day"), ("BUDGET_SITE_MONTH", "a month"))
    user = amounts(("BUDGET_USER_DAY", "a day"), ("BUDGET_USER_MONTH", "a month"))
    if settings.POSTS_USER_DAY is not None:
        user.append(f"{settings.POSTS_USER_DAY:,} posts a day")
    together = limit_of(SELF_REGISTERED, Budget.Kind.DAY, None)
    strangers = [] if together is None else [f"${dollars(together):,.2f} a day together"]
    named = {"site": site, "each user": user, "self-registered users": strangers}
    return "; ".join(f"{who} {', '.join(limits)}" for who, limits in named.items() if limits) or NO_LIMIT


def amounts(*periods: tuple[str, str]) -> list[str]:
    found: list[tuple[Decimal | None, str]] = [(granted_to_all(name), period) for name, period in periods]
    return [f"${amount:,.2f} {period}" for amount, period in found if amount is not None]


def not_bound() -> str:
    """Return which models no budget in dollars binds although there is one; "" for none."""
    models = without_price() if costs_money() and is_any_in_dollars() else []
    return NOT_BOUND.format(models=", ".join(models), hint=PRICE_HINT.format(model=models[0])) if models else ""


def is_any_in_dollars() -> bool:
    names = ("BUDGET_USER_DAY", "BUDGET_USER_MONTH", "BUDGET_SITE_DAY", "BUDGET_SITE_MONTH")
    return any(granted_to_all(name) is not None for name in names)
