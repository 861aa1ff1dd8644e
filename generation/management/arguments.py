"""Values on the command line, read and refused in words."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from datetime import timedelta

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def age(text: str) -> timedelta:
    """Parse an age such as `90m`, `12h`, `7d` or `2w`."""
    match = re.fullmatch(r"(\d{1,5})([mhdw])", text)
    if not match:
        raise ArgumentTypeError(f"'{text}' is not an age; write it like 90m, 12h, 7d or 2w.")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"'{text}' is not a number of at least 1.")
    return int(text)
