"""What may be spent, from the environment; `generation/budgets/limits.py` says what holds where nothing is set."""

import re
from decimal import Decimal

from django.core.exceptions import ImproperlyConfigured

from blogsite.conf.environment import Environment

NAMES = ("BUDGET_USER_DAY", "BUDGET_USER_MONTH", "BUDGET_SITE_DAY", "BUDGET_SITE_MONTH")
OFF = "off"
DOLLARS = re.compile(r"\d{1,9}(\.\d{1,6})?")
NO_DOLLARS = "{var} must be US dollars like 5 or 0.50, or off, not {value!r}."
NO_NUMBER = "{var} must be a number of posts, or off, not {value!r}."


def budgets(env: Environment) -> tuple[dict[str, Decimal | None], int | None]:
    """Return what may be spent in US dollars, by the variables that are set, and the posts a day; None for `off`.

    Raises:
        ImproperlyConfigured: a variable is anything else.
    """
    found = {name: env.str(name, "") for name in NAMES}
    money = {name: dollars(name, value) for name, value in found.items() if value}
    return money, posts("POSTS_USER_DAY", env.str("POSTS_USER_DAY", "200"))


def dollars(var: str, value: str) -> Decimal | None:
    if value == OFF:
        return None
    if not DOLLARS.fullmatch(value):
        raise ImproperlyConfigured(NO_DOLLARS.format(var=var, value=value))
    return Decimal(value)


def posts(var: str, value: str) -> int | None:
    if value == OFF:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise ImproperlyConfigured(NO_NUMBER.format(var=var, value=value))
    return int(value)
