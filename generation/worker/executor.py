"""The executor: fetches due generations and writes many of them at once, until none is left.

The row is the truth and the queue's message a hint: an executor fetches what is due, not what woke it. The model's
calls run on an asyncio loop; all work in the database in the thread that called `write_due`, on its one connection.
"""

from asgiref.sync import async_to_sync
from django.conf import settings

from generation.models import Generation
from generation.queue import fetch
from generation.queue.losses import Loss, release
from generation.worker.attempts import AttemptRunner
from generation.worker.clients import ModelClients
from generation.worker.database_thread import database
from generation.worker.graceful_stop import finish_or_hand_back
from generation.worker.identity import release_the_dead, worker_name
from generation.worker.intake import Intake
from generation.worker.lease_keeper import LeaseKeeper
from generation.worker.shutdown import is_stopping
from generation.worker.slots import Slots

TICK = 0.2  # seconds between two polls for work, progress and a stop


def write_due() -> int:
    """Write what is due; return how many generations were fetched."""
    release_the_dead()
    if not fetch.is_due(worker_name()):
        return 0  # most wake-ups: another executor was faster
    try:
        return async_to_sync(Executor().run)()
    finally:  # however it ended: nothing may stay with a process that does not write it
        release(Generation.objects.of_worker(worker_name()), Loss.FORGOT)


class Executor:
    """One run of the task: up to GENERATION_CONCURRENCY generations at once on one loop."""

    def __init__(self) -> None:
        self.slots = Slots(settings.GENERATION_CONCURRENCY)
        self.leases = LeaseKeeper(self.slots)
        self.intake = Intake(self.slots)

    async def run(self) -> int:
        async with ModelClients() as clients:
            attempts = AttemptRunner(clients)
            try:
                while await self.fill(attempts) or self.slots:
                    await self.slots.wait(TICK)
                    await self.leases.keep()
                    if is_stopping():
                        await finish_or_hand_back(self.slots, self.leases)
            finally:
                await self.slots.cancel(self.slots.claims)
        await self.leases.bill_lost()
        if self.intake.is_closed:  # perhaps before the work was done
            await database(self.intake.wake_another)
        return self.intake.fetched

    async def fill(self, attempts: AttemptRunner) -> bool:
        """Start attempts in the free slots; return whether there was work for any."""
        claims = await self.intake.next_claims()
        for claim in claims:
            self.slots.start(claim, attempts.run(claim))
        return bool(claims)
