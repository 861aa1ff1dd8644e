"""Reads environment variables: an invalid one is named in one line, and an empty one counts as unset."""

import json
import math
import re
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
RATE = re.compile(rf"([1-9]\d{{0,8}})/({'|'.join(SECONDS)})")
KINDS = {int: "an integer", float: "a number"}
WRONG_KIND = "{var} must be {kind}, not {value!r}."
NOT_POSITIVE = "{var} must be greater than 0, not {value}."
NEGATIVE = "{var} must be 0 or more, not {value}."
NO_RATE = "{var} must be like 100/minute (second, hour, day) or off, not {value!r}."
NO_CHOICE = "{var} must be one of {choices}, not {value!r}."
NO_PRICES = (
    '{var} must be JSON like {{"some-model": [0.15, 0.075, 0.6]}}: US dollars for a million tokens of fresh input, '
    "cached input and output; a fourth is for input that is written to the cache."
)
NOT_SET = "{var} is not set. Run `manage.py up` once to generate one in .env, or set it yourself."


class Environment(environ.Env):  # type: ignore[misc]
    def get_value(
        self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, parse_default: bool = False
    ) -> Any:
        if self.ENVIRON.get(var) == "" and default is not self.NOTSET:
            return default
        try:
            return super().get_value(var, cast, default, parse_default)
        except ValueError as error:
            kind = KINDS.get(cast, "something else")
            raise ImproperlyConfigured(WRONG_KIND.format(var=var, kind=kind, value=self.ENVIRON[var])) from error

    def secret(self, var: str) -> str:
        """Return a text that must not be empty.

        Raises:
            ImproperlyConfigured: it is.
        """
        if not (value := str(self.get_value(var, str, ""))):
            raise ImproperlyConfigured(NOT_SET.format(var=var))
        return value

    def positive(self, var: str, default: float) -> Any:
        """Return a number greater than 0, an integer if the default is one.

        Raises:
            ImproperlyConfigured: the variable is anything else.
        """
        value = self.get_value(var, type(default), default)
        if not value > 0:
            raise ImproperlyConfigured(NOT_POSITIVE.format(var=var, value=value))
        return value

    def count(self, var: str, default: int) -> int:
        """Return an integer that is not negative.

        Raises:
            ImproperlyConfigured: the variable is anything else.
        """
        value = int(self.get_value(var, int, default))
        if value < 0:
            raise ImproperlyConfigured(NEGATIVE.format(var=var, value=value))
        return value

    def rate(self, var: str, default: str) -> tuple[int, int] | None:
        """Return how many requests are allowed in how many seconds, or None for `off`.

        Raises:
            ImproperlyConfigured: the variable is anything else.
        """
        value = self.get_value(var, str, default)
        if value == "off":
            return None
        if not (found := RATE.fullmatch(value)):
            raise ImproperlyConfigured(NO_RATE.format(var=var, value=value))
        return int(found[1]), SECONDS[found[2]]

    def prices(self, var: str) -> dict[str, list[float]]:
        """Return three or four prices by model; none if the variable is not set.

        Raises:
            ImproperlyConfigured: the variable is anything else.
        """
        try:
            prices = json.loads(self.get_value(var, str, "{}"))
            if all(_is_price(figures) for figures in prices.values()):
                return dict(prices)
        except (ValueError, AttributeError, RecursionError):
            pass  # not JSON, or not an object
        raise ImproperlyConfigured(NO_PRICES.format(var=var))

    def choice(self, var: str, choices: tuple[str, ...]) -> str:
        """Return one of `choices`, the first by default.

        Raises:
            ImproperlyConfigured: the variable is anything else.
        """
        value = str(self.get_value(var, str, choices[0]))
        if value not in choices:
            raise ImproperlyConfigured(NO_CHOICE.format(var=var, choices=", ".join(choices), value=value))
        return value


def _is_price(figures: object) -> bool:
    """Whether these are dollars; JSON knows NaN and infinity, and Python takes true for 1."""
    return (
        isinstance(figures, list)
        and len(figures) in (3, 4)
        and all(type(figure) in (int, float) and 0 <= figure < math.inf for figure in figures)
    )
