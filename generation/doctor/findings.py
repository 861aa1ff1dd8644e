"""What a check of the doctor found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"  # works, but is likely to cause trouble
    ERROR = "error"  # posts are not written, are lost, or are shown to strangers


@dataclass(frozen=True)
class Finding:
    """Args:
    subject: what was checked, in a word.
    level: how serious it is.
    message: one or two sentences; never a secret.
    fix: how to fix it; empty if nothing is wrong.
    """

    subject: str
    level: Level
    message: str
    fix: str = ""


def ok(subject: str, message: str) -> Finding:
    return Finding(subject, Level.OK, message)


def warning(subject: str, message: str, fix: str) -> Finding:
    return Finding(subject, Level.WARNING, message, fix)


def error(subject: str, message: str, fix: str) -> Finding:
    return Finding(subject, Level.ERROR, message, fix)


def run_check(subject: str, check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Yield the findings of `check`; if it raises, that is a finding too, and the others go on."""
    try:
        yield from check()
    except Exception as problem:
        reason = f"The check itself failed: {type(problem).__name__}: {problem}"
        yield error(subject, " ".join(reason.split()), "Fix the errors above, then run the doctor again.")
