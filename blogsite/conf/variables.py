"""Names of environment variables: those in `.env`, and those that look like a misspelt one of ours."""

import difflib
import io
import logging
import re
from collections.abc import Collection, Iterable
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

CLOSE = 0.85  # of difflib's ratio, which is 1 for equal names
# Read by Python and by libraries, also from our `.env`.
OF_OTHERS = re.compile(r"(PG|PYTHON|SSL_|GRANIAN_|DJANGO_|LC_)\w+|(HTTPS?|ALL|NO)_PROXY|NO_COLOR", re.IGNORECASE)
MISSPELT = "{name} is not a setting. Did you mean {meant}?"
UNKNOWN = "{name} in .env is not a setting."
NO_VARIABLE = "Line {number} of .env is not like NAME=value, without spaces around the name."
UNREADABLE = "Cannot read {path}: {reason}."
NOT_UTF_8 = "{path} is not in UTF-8."
LINE = re.compile(r"(export )?[A-Za-z_0-9]+=.*|#.*|")
logging.getLogger("environ.environ").setLevel(logging.ERROR)  # it would log such a line with the secret in it


class Variables(environ.Env):  # type: ignore[misc]
    """Variables of a file, without changing the process environment."""

    ENVIRON: dict[str, str] = {}


def read_file(path: Path) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the variables of an environment file, and the lines that set none, each with a sentence without its text.

    Raises:
        ImproperlyConfigured: it cannot be read, or is not in UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
    except OSError as error:
        raise ImproperlyConfigured(UNREADABLE.format(path=path, reason=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(NOT_UTF_8.format(path=path)) from error
    Variables.ENVIRON = {}
    Variables.read_env(io.StringIO(text))
    numbers = [number for number, line in enumerate(text.splitlines(), start=1) if not LINE.fullmatch(line)]
    return Variables.ENVIRON, [(f"line {number}", NO_VARIABLE.format(number=number)) for number in numbers]


def unknown_variables(
    known: Collection[str], in_file: Iterable[str], in_process: Iterable[str]
) -> list[tuple[str, str]]:
    """Return the names that are not known, each with a sentence: all of a file, but of the process only close ones.

    Args:
        known: what the settings read.
        in_file: names in `.env`.
        in_process: names in the process environment, those of the file among them.
    """
    found = {}
    for name in (*in_file, *in_process):
        if name in known or name in found or OF_OTHERS.fullmatch(name):
            continue
        if meant := closest(name, known):
            found[name] = MISSPELT.format(name=name, meant=meant)
        elif name in in_file:
            found[name] = UNKNOWN.format(name=name)
    return list(found.items())


def closest(name: str, known: Collection[str]) -> str:
    """Return the known name that somebody meant, empty if it is none of them."""
    return next(iter(difflib.get_close_matches(name.upper(), known, 1, CLOSE)), "")
