"""Reads variables so that a wrong one is named in one line and an empty one counts as unset."""

import re
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
RATE = re.compile(rf"([1-9]\d{{0,8}})/({'|'.join(SECONDS)})")
KINDS = {int: "a whole number", float: "a number"}


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
            raise ImproperlyConfigured(f"{var} must be {kind}, not {self.ENVIRON[var]!r}.") from error

    def positive(self, var: str, default: float) -> Any:
        """Return a number above zero, whole if the default is.

        Raises:
            ImproperlyConfigured: the variable holds something else.
        """
        value = self.get_value(var, type(default), default)
        if not value > 0:
            raise ImproperlyConfigured(f"{var} must be above 0, not {value}.")
        return value

    def rate(self, var: str, default: str) -> tuple[int, int] | None:
        """Return a number of requests and of seconds, or None for `off`.

        Raises:
            ImproperlyConfigured: the variable holds something else.
        """
        value = self.get_value(var, str, default)
        if value == "off":
            return None
        if not (found := RATE.fullmatch(value)):
            raise ImproperlyConfigured(f"{var} must be like 100/minute (second, hour, day), or off, not {value!r}.")
        return int(found[1]), SECONDS[found[2]]

    def choice(self, var: str, choices: tuple[str, ...]) -> str:
        """Return one of `choices`, the first by default.

        Raises:
            ImproperlyConfigured: the variable holds something else.
        """
        value = str(self.get_value(var, str, choices[0]))
        if value not in choices:
            raise ImproperlyConfigured(f"{var} must be {' or '.join(choices)}, not {value!r}.")
        return value
