"""A deadline in the time that this process had: what was on its way while it was stopped may still arrive."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

STEP = 1.0  # seconds; a step that ends later than this after its time was not one: the process was stopped


@asynccontextmanager
async def deadline(seconds: float) -> AsyncIterator["Deadline"]:
    """End a block after so many seconds, without those in which the process was stopped.

    Yields what can give it more.

    `asyncio.timeout` counts them. After a machine has slept it would end all calls, whose answers are there already.

    Raises:
        TimeoutError: the block took longer.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:
        steps = Deadline(seconds, limit, loop)
        try:
            yield steps
        finally:
            steps.timer.cancel()


class Deadline:
    """When a block ends, in the time that this process had."""

    def __init__(self, seconds: float, limit: asyncio.Timeout, loop: asyncio.AbstractEventLoop) -> None:
        self.left, self.limit, self.loop = seconds, limit, loop
        self.next()

    def restart(self, seconds: float) -> None:
        """End the block so many seconds from now instead."""
        self.timer.cancel()
        self.left = seconds
        self.next()

    def next(self) -> None:
        self.step = min(STEP, self.left)
        self.timer = self.loop.call_later(self.step, self.end)

    def end(self) -> None:
        if self.loop.time() - self.timer.when() <= STEP:
            self.left -= self.step
        if self.left > 0:
            self.next()
        else:
            self.limit.reschedule(self.loop.time())
