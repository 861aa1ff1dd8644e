"""The first call of a kind, for a moment alone: what one is refused need not be refused to all that start with it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

MOMENT = 0.4  # seconds: servers check parameters before they work; a call that takes longer was not refused
Kind = frozenset[str]  # the parameters of a call


class FirstCalls:
    """The calls of one loop to one server.

    Args:
        accepted: kinds that it has taken already; added to.
    """

    def __init__(self, accepted: set[Kind]) -> None:
        self._accepted = accepted
        self._first: dict[Kind, tuple[float, asyncio.Event]] = {}

    async def wait(self, kind: Kind) -> bool:
        """Wait for what becomes of the first call of a kind; return whether there was news."""
        if kind in self._accepted or kind not in self._first:
            return False
        started_at, news = self._first[kind]
        with suppress(TimeoutError):
            # Not `wait_for`: before Python 3.12 it forgets to be cancelled when news come in the same moment.
            async with asyncio.timeout(max(0.0, started_at + MOMENT - time.monotonic())):
                await news.wait()
        return news.is_set()

    @contextmanager
    def making(self, kind: Kind) -> Iterator[None]:
        """Make a call, for whose news those of its kind wait if it is the first."""
        is_first = kind not in self._accepted and kind not in self._first
        if is_first:
            self._first[kind] = time.monotonic(), asyncio.Event()
        try:
            yield
        finally:
            if is_first:
                self._first.pop(kind)[1].set()

    def accept(self, kind: Kind) -> None:
        """Note that the server has taken a call of this kind."""
        if kind not in self._accepted:
            self._accepted.add(kind)
            if kind in self._first:
                self._first[kind][1].set()
