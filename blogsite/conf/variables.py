"""Names of environment variables: those in `.env`, and those that look like a misspelt one of ours."""

import difflib
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
NOT_UTF_8 = "{path} is not in UTF-8."


class Variables(environ.Env):  # type: ignore[misc]
    """Variables of a file, without changing the process environment."""

    ENVIRON: dict[str, str] = {}


def read_file(path: Path) -> dict[str, str]:
    """Return the variables of an environment file, none if it cannot be read.

    Raises:
        ImproperlyConfigured: the file is not in UTF-8.
    """
    Variables.ENVIRON = {}
    try:
        Variables.read_env(path, encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(NOT_UTF_8.format(path=path)) from error
    return Variables.ENVIRON


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
