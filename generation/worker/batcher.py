"""Lands finished texts: those that wait together share one transaction, since a commit costs more than a text."""

import asyncio

from generation.models import Generation
from generation.queue import transitions
from generation.queue.finished_text import FinishedText
from generation.queue.locks import HELD, Held
from generation.worker.database_thread import database

TOGETHER = 10  # texts in one transaction: others wait for the database no longer than some 20 ms
HELD_FOR = 0.5  # seconds before another attempt at a text whose rows another transaction holds
Outcome = asyncio.Future[Generation.Landing | Held | None]


class LandingBatcher:
    """The finished texts of one executor on their way to the database."""

    def __init__(self) -> None:
        self.waiting: list[tuple[FinishedText, Outcome]] = []
        self.lock = asyncio.Lock()

    async def land(self, text: FinishedText) -> Generation.Landing | None:
        """Land one text, and whatever else waits by then.

        Returns:
            whether it landed or is proposed, or None when the claim no longer holds.
        """
        while (landing := await self._land_or_not(text)) == HELD:
            await asyncio.sleep(HELD_FOR)
        return landing

    async def _land_or_not(self, text: FinishedText) -> Generation.Landing | Held | None:
        outcome: Outcome = asyncio.get_running_loop().create_future()
        self.waiting.append((text, outcome))
        async with self.lock:
            if not outcome.done():
                await self._land_first()
        return await outcome

    async def _land_first(self) -> None:
        batch, self.waiting = self.waiting[:TOGETHER], self.waiting[TOGETHER:]
        try:
            results = await recorded([text for text, _ in batch])
        except BaseException as end:
            results = [end] * len(batch)  # no caller may wait for ever
        for (_, outcome), result in zip(batch, results, strict=True):
            if isinstance(result, BaseException):
                outcome.set_exception(result)
            else:
                outcome.set_result(result)


async def recorded(texts: list[FinishedText]) -> list[Generation.Landing | Held | BaseException | None]:
    try:
        return [*await database(transitions.land, texts)]
    except Exception:  # one of them cannot be recorded; the others still can
        alone = await asyncio.gather(*(database(transitions.land, [text]) for text in texts), return_exceptions=True)
        return [landed if isinstance(landed, BaseException) else landed[0] for landed in alone]
