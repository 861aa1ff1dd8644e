"""Reads environment variables: an invalid one is named in one line, and an empty one counts as unset."""

import json
import math
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from blogsite.conf.variables import read_file, unknown_variables

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
RATE = re.compile(rf"([1-9]\d{{0,8}})/({'|'.join(SECONDS)})")
TRUE, FALSE = {"true", "on", "ok", "yes", "y", "1"}, {"false", "off", "no", "n", "0"}
NUMBERS = {int: re.compile(r"[+-]?[0-9]{1,18}"), float: re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{0,18})?")}
KINDS = {int: "an integer", float: "a number", bool: "true or false"}
WRONG_KIND = "{var} must be {kind}, not {value!r}."
NOT_POSITIVE = "{var} must be greater than 0, not {value}."
TOO_LARGE = "{var} must be at most {most}, not {value}."
NEGATIVE = "{var} must be 0 or more, not {value}."
NO_RATE = "{var} must be like 100/minute (second, hour, day) or off, not {value!r}."
NO_CHOICE = "{var} must be one of {choices}, not {value!r}."
NO_PRICES = (
    '{var} must be JSON like {{"some-model": [0.15, 0.075, 0.6]}}: US dollars for a million tokens of fresh input, '
    "cached input and output; a fourth is for input that is written to the cache."
)
NOT_SET = "{var} is not set. Run `manage.py up` once to generate one in .env, or set it yourself."
LEAST_KEY = 32  # characters: fewer can be guessed
TOO_SHORT = (
    "{var} has {length} characters, and needs at least {least}. Remove it from .env and run `manage.py up` once to "
    "generate one, or set a longer one."
)
NO_ADDRESS = "{var} must be an address like https://blog.example.com, without a query, not {value!r}."


class Environment(environ.Env):  # type: ignore[misc]
    """Remembers which variables it was asked for: `names`."""

    def __init__(self, **scheme: Any) -> None:
        super().__init__(**scheme)
        self.names = {"ENV_FILE"}  # read before everything else
        self.in_file: list[str] = []
        self.unread: list[tuple[str, str]] = []

    def load(self, path: Path) -> None:
        """Add the variables of an environment file; the process's own win.

        Raises:
            ImproperlyConfigured: the file cannot be read, or is not in UTF-8.
        """
        variables, self.unread = read_file(path)
        self.in_file = list(variables)
        for name, value in variables.items():
            self.ENVIRON.setdefault(name, value)

    def unknown(self) -> list[tuple[str, str]]:
        """Return what nothing has read but somebody may have meant for us, each with what to say."""
        return [*self.unread, *unknown_variables(self.names, self.in_file, list(self.ENVIRON))]

    def get_value(
        self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, parse_default: bool = False
    ) -> Any:
        """Return a variable, the default if it is empty; without environ's references: a key may begin with `$`."""
        self.names.add(var)
        if not (value := self.ENVIRON.get(var)):
            return default
        try:
            return self.parse_value(value, cast)
        except ValueError as error:
            kind = KINDS.get(cast, "something else")
            raise ImproperlyConfigured(WRONG_KIND.format(var=var, kind=kind, value=value)) from error

    @classmethod
    def parse_value(cls, value: Any, cast: Any) -> Any:
        """Convert a text as it stands: environ takes any word for false, and "20 minutes" for 20.

        Raises:
            ValueError: it is not of that kind.
        """
        if cast is bool:
            return truth(value)
        if cast in NUMBERS and not NUMBERS[cast].fullmatch(value):
            raise ValueError(value)
        return super().parse_value(value, cast)

    def secret(self, var: str, *, least: int = 1) -> str:
        """Return a text of at least so many characters.

        Raises:
            ImproperlyConfigured: it is empty, or shorter.
        """
        if not (value := str(self.get_value(var, str, ""))):
            raise ImproperlyConfigured(NOT_SET.format(var=var))
        if len(value) < least:
            raise ImproperlyConfigured(TOO_SHORT.format(var=var, length=len(value), least=least))
        return value

    def web_address(self, var: str, default: str) -> str:
        """Return the start of http(s) URLs, without a slash at the end.

        Raises:
            ImproperlyConfigured: it is anything else.
        """
        value = str(self.get_value(var, str, default))
        if not is_web_address(value):
            raise ImproperlyConfigured(NO_ADDRESS.format(var=var, value=value))
        return value.rstrip("/")

    def positive(self, var: str, default: float, *, most: float = math.inf) -> Any:
        """Return a number greater than 0 and not above `most`, an integer if the default is one.

        Raises:
            ImproperlyConfigured: the variable is anything else.
        """
        value = self.get_value(var, type(default), default)
        if not value > 0:
            raise ImproperlyConfigured(NOT_POSITIVE.format(var=var, value=value))
        if value > most:
            raise ImproperlyConfigured(TOO_LARGE.format(var=var, most=most, value=value))
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


def truth(value: str) -> bool:
    """Return what a word means, in any case.

    Raises:
        ValueError: it is neither true nor false.
    """
    word = value.strip().lower()
    if word not in TRUE | FALSE:
        raise ValueError(value)
    return word in TRUE


def is_web_address(value: str) -> bool:
    try:
        url = urlsplit(value)
        has_port = url.port is None or url.port > 0
    except ValueError:  # of a port or an IPv6 address
        return False
    is_plain = value.isascii() and value.isprintable() and " " not in value and "@" not in url.netloc
    return (
        url.scheme in ("http", "https") and bool(url.hostname) and has_port and is_plain and not set("?#") & set(value)
    )


def _is_price(figures: object) -> bool:
    """Whether these are dollars; JSON knows NaN and infinity, and Python takes true for 1."""
    return (
        isinstance(figures, list)
        and len(figures) in (3, 4)
        and all(type(figure) in (int, float) and 0 <= figure < math.inf for figure in figures)
    )
