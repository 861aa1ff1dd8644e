"""The attempts under way in one executor."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any

from generation.queue.claim import Claim
from generation.queue.log import logger


class Slots:
    """The tasks of the attempts under way, by their claims.

    Args:
        size: how many generations are written at once.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._tasks: dict[asyncio.Task[None], Claim] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def claims(self) -> list[Claim]:
        return list(self._tasks.values())

    @property
    def free(self) -> int:
        """Free slots: a finished text holds none, but no more of them may wait to be recorded than there are slots."""
        writing = sum(not claim.written for claim in self.claims)
        return min(self.size - writing, 2 * self.size - len(self))

    def start(self, claim: Claim, attempt: Coroutine[Any, Any, None]) -> None:
        self._tasks[asyncio.create_task(attempt)] = claim

    async def wait(self, seconds: float) -> None:
        """Wait for an attempt to end, but no longer than so many seconds. There must be one."""
        await asyncio.wait(self._tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        self._release()

    async def cancel(self, claims: Collection[Claim]) -> None:
        """End attempts and wait for it; a text that is written already is still recorded."""
        tasks = {task: claim for task, claim in self._tasks.items() if claim in claims}
        for task, claim in tasks.items():
            if not claim.written:
                task.cancel()
        if tasks:
            await asyncio.wait(tasks)
            self._release()

    def _release(self) -> None:
        for task in [task for task in self._tasks if task.done()]:
            del self._tasks[task]
            if not task.cancelled() and (error := task.exception()):
                logger.error("a generation's end could not be recorded; its lease will expire", exc_info=error)
