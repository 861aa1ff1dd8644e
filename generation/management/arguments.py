"""Values on the command line: parsed, or rejected in one sentence."""

from __future__ import annotations

import re
import tempfile
from argparse import ArgumentTypeError
from datetime import timedelta
from pathlib import Path

from django.core.management.base import CommandError

WRONG_USAGE = 2  # the exit code of a command that was not typed as it must be, as argparse's
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
NO_DURATION = "'{text}' is not a duration; write it like 90m, 12h, 7d or 2w."
NO_COUNT = "'{text}' is not a positive integer."
NOT_HTML = "{path} is not a name for a report: it must end in .html."
UNWRITABLE = "Cannot write {path}: {reason}."


def duration(text: str) -> timedelta:
    """Parse a duration such as `90m`, `12h`, `7d` or `2w`."""
    match = re.fullmatch(r"(\d{1,5})([mhdw])", text)
    if not match:
        raise ArgumentTypeError(NO_DURATION.format(text=text))
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(NO_COUNT.format(text=text))
    return int(text)


def check_report_path(path: Path) -> None:
    """Check that a report can be written there, before anything else is done.

    Raises:
        CommandError: it cannot.
    """
    if path.suffix.lower() != ".html":
        raise CommandError(NOT_HTML.format(path=path))
    if path.is_dir():
        raise CommandError(UNWRITABLE.format(path=path, reason="it is a directory"))
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise CommandError(UNWRITABLE.format(path=path, reason=error.strerror)) from error
