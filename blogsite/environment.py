"""Reads variables so that a wrong one is named in one line and an empty one counts as unset."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

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
