"""How many calls a provider is given at once: fewer when it lets calls wait until they time out, more as it keeps up.

A server with one slot (Ollama by default) lets other requests wait without a byte. Asked for all at once,
the last ones are given up before their turn, and asked for again: that is congestion, and the remedy is TCP's, additive
increase and multiplicative decrease (Chiu and Jain, 1989).
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass
class Limit:
    """Calls at once that a provider keeps up with, as far as this process knows; no limit before the first timeout."""

    calls: float = math.inf
    cut_at: float = 0.0  # monotonic seconds

    def grow(self) -> None:
        self.calls += 1 / self.calls

    def cut(self, in_flight: int, started_at: float) -> None:
        """Halve it for a call that timed out; those that time out together count once."""
        if started_at >= self.cut_at:
            self.calls = max(1.0, min(self.calls, in_flight) / 2)
            self.cut_at = time.monotonic()


_limits: dict[str, Limit] = {}  # by provider


class CallsInFlight:
    """The calls of one loop to one provider, in the order of their requests.

    Args:
        provider: its key.
    """

    def __init__(self, provider: str) -> None:
        self.limit = _limits.setdefault(provider, Limit())
        self.count = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[float]:
        """Wait for a turn; yields when it came, in monotonic seconds. A call that ends well lets the limit grow."""
        await self._turn()
        try:
            yield time.monotonic()
            self.limit.grow()
        finally:
            self.count -= 1
            self._wake()

    @property
    def _has_room(self) -> bool:
        return self.count + 1 <= self.limit.calls

    async def _turn(self) -> None:
        if not self._has_room:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn  # whoever wakes it has counted it
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self.count -= 1
                    self._wake()
                raise
        else:
            self.count += 1

    def _wake(self) -> None:
        while self._waiting and self._has_room:
            turn = self._waiting.popleft()
            if not turn.done():
                self.count += 1
                turn.set_result(None)

    def timed_out(self, started_at: float) -> None:
        """Note that a call got no byte in time."""
        self.limit.cut(self.count, started_at)
