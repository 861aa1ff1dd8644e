"""Rich output on a command's streams, and questions."""

from __future__ import annotations

import sys
from typing import IO, cast

from django.core.management.base import OutputWrapper
from rich.console import Console

PLAIN_WIDTH = 120  # characters, where the output is not a terminal


class _Unchanged:
    """A command's stream without the newline that Django adds to every write: rich moves the cursor in pieces."""

    def __init__(self, stream: OutputWrapper) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        self.stream.write(text, style_func=str, ending="")
        return len(text)

    def flush(self) -> None:
        self.stream.flush()

    def isatty(self) -> bool:
        return self.stream.isatty()


def console(stream: OutputWrapper) -> Console:
    """Return a console on a command's `stdout` or `stderr`."""
    return Console(
        file=cast(IO[str], _Unchanged(stream)), width=None if stream.isatty() else PLAIN_WIDTH, highlight=False
    )


def is_terminal(stdout: OutputWrapper) -> bool:
    """Whether a person sees a command's output and can answer."""
    return sys.stdin is not None and sys.stdin.isatty() and stdout.isatty()


def says_yes(question: str) -> bool:
    """Ask at the terminal; the end of the input and Ctrl-C mean no."""
    try:
        return input(question).strip().lower() in ("y", "yes")
    except (EOFError, KeyboardInterrupt):
        sys.stdout.write("\n")
        return False
