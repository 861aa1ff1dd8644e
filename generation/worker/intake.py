"""Fetches generations for one executor, and wakes another worker for what is left."""

import asyncio
import random
import time

from django.conf import settings

from generation.queue import fetch
from generation.queue.claim import Claim
from generation.queue.log import log_step
from generation.queue.wakeups import is_wakeup_queued, wake_a_worker
from generation.worker.database_thread import database
from generation.worker.identity import worker_name
from generation.worker.shutdown import is_stopping
from generation.worker.slots import Slots

FILL_EVERY = 0.1  # seconds: slots that free together are filled together, which costs the database a seventh


class Intake:
    """Fetches for the free slots of an executor until its window ends.

    Args:
        slots: to be filled.
    """

    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        self.worker = worker_name()
        self.fetched = 0
        # Spread: after its window an executor fetches nothing more, and not all of them should end together.
        self.ends_at = time.monotonic() + settings.GENERATION_WINDOW * random.uniform(0.75, 1.0)
        self.next_at = 0.0

    @property
    def is_closed(self) -> bool:
        return is_stopping() or time.monotonic() > self.ends_at

    async def next_claims(self) -> list[Claim]:
        """Return claims for the free slots, as far as generations are due."""
        free = self.slots.free
        too_soon = self.next_at - time.monotonic()
        if free <= 0 or self.is_closed or (self.slots and too_soon > 0):
            return []
        await asyncio.sleep(too_soon)
        self.next_at = time.monotonic() + FILL_EVERY
        poison_max = 1 - sum(claim.may_be_poison for claim in self.slots.claims)
        claims = await database(fetch.fetch_due, free, self.worker, poison_max=poison_max)
        for claim in claims:
            lost_by = {"lost_by": claim.lost_by} if claim.lost_by else {}
            log_step("fetched", claim, **lost_by, **claim.detour)
        self.fetched += len(claims)
        if len(claims) == free:  # perhaps more are due than this process can write
            await database(self.wake_another)
        return claims

    def wake_another(self) -> None:
        """Have another worker fetch what is still due."""
        if not is_wakeup_queued() and fetch.is_due(self.worker):
            wake_a_worker()
