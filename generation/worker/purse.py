"""The purse of an attempt: asks, before each call, whether budgets allow what it can cost."""

from __future__ import annotations

import asyncio

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.queue.claim import Claim
from generation.queue.grants import Grant, grant
from generation.worker.database_thread import database

HELD_FOR = 0.5  # seconds before another attempt at a row that another transaction holds
OVER_BUDGET = "The next call could cost more than the budgets of the day or month have left."
TAKEN = "The generation was ended, or taken over, while it was being written."


class GrantBatcher:
    """The grants that the attempts of one executor wait for: those that wait together share one statement."""

    def __init__(self) -> None:
        self.waiting: dict[Claim, asyncio.Future[Grant]] = {}
        self.asking: asyncio.Task[None] | None = None

    async def ask(self, claim: Claim) -> Grant:
        answer = self.waiting.get(claim)
        if answer is None:
            answer = self.waiting[claim] = asyncio.get_running_loop().create_future()
        if self.asking is None:
            self.asking = asyncio.create_task(self._ask_all())  # of its own: who asks may be cancelled, alone
        return await asyncio.shield(answer)

    async def _ask_all(self) -> None:
        while self.waiting:
            batch, self.waiting = self.waiting, {}
            try:
                results: list[Grant | BaseException] = [*await database(grant, list(batch))]
            except BaseException as end:
                results = [end] * len(batch)  # no caller may wait for ever
            for answer, result in zip(batch.values(), results, strict=True):
                if isinstance(result, asyncio.CancelledError):
                    answer.cancel()
                elif isinstance(result, BaseException):
                    answer.set_exception(result)
                else:
                    answer.set_result(result)
        self.asking = None


class AttemptPurse:
    """What one attempt may spend.

    Args:
        claim: whose calls they are.
        batcher: of the executor.
    """

    def __init__(self, claim: Claim, batcher: GrantBatcher) -> None:
        self.claim, self.batcher = claim, batcher

    async def reserve(self, most: Usage) -> None:
        """Make sure that a call may use so much, before it is made.

        Raises:
            GenerationFailed: no budget allows it, or somebody ended the generation meanwhile.
        """
        self.claim.in_flight.append(most)
        try:
            while (answer := await self.batcher.ask(self.claim)) == Grant.HELD:
                await asyncio.sleep(HELD_FOR)
            if answer == Grant.REFUSED:
                raise GenerationFailed(FailureCode.QUOTA_EXCEEDED, OVER_BUDGET, is_final=True)
            if answer == Grant.LOST:
                raise GenerationFailed(FailureCode.CANCELLED, TAKEN, is_final=True)
        except BaseException:
            self.release(most)
            raise

    def release(self, most: Usage) -> None:
        """Forget a call that is over, whose usage is among the paid answers, or that was not made."""
        self.claim.in_flight.remove(most)
