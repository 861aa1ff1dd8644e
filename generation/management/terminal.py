"""What commands show on a terminal, by rich."""

from __future__ import annotations

from typing import IO, cast

from django.core.management.base import OutputWrapper
from rich.console import Console

PLAIN_WIDTH = 120  # where there is no terminal to ask


class _AsItIs:
    """A command's stream without the newline that Django ends every piece with: rich moves the cursor in pieces."""

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
    return Console(file=cast(IO[str], _AsItIs(stream)), width=None if stream.isatty() else PLAIN_WIDTH, highlight=False)
