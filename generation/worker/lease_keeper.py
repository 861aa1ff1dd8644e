"""Renews the leases of what is being written, and saves the writer's progress."""

import time
from collections.abc import Sequence

from django.conf import settings

from generation.models import Generation
from generation.queue import leases
from generation.queue.claim import Claim
from generation.queue.late_bills import bill_rest
from generation.queue.log import log_step
from generation.queue.losses import Loss, release
from generation.worker.database_thread import database
from generation.worker.identity import worker_name
from generation.worker.slots import Slots

SAVE_EVERY = 1.0  # seconds between two saves of a progress that changed; more where many are under way
SAVED_AT_ONCE = 20  # progresses that are saved in so short a time


class LeaseKeeper:
    """Renews the leases of the attempts in `slots`."""

    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        self.worker = worker_name()
        self.renewed_at = time.monotonic()
        self.unbilled: list[Claim] = []

    async def keep(self) -> None:
        """Renew all leases when it is time or progress is to be saved; end the attempts that lost theirs."""
        if time.monotonic() - self.renewed_at < self.interval:
            return
        self.renewed_at = time.monotonic()
        lost = await database(self.renew, self.slots.claims)
        lost = [claim for claim in lost if not claim.written]  # those ended while they were being renewed
        for claim in lost:
            log_step("lease_lost", claim, why="cancelled, superseded, deleted or taken over")
        await self.slots.cancel(lost)
        await self.bill_lost(lost)

    async def bill_lost(self, claims: Sequence[Claim] = ()) -> None:
        """Bill what attempts spent that were ended by others; what cannot be billed now is tried again next time."""
        if unbilled := [*self.unbilled, *claims]:
            self.unbilled = await database(bill_rest, unbilled)

    def renew(self, claims: list[Claim]) -> list[Claim]:
        """Renew in the database's thread; return what was lost."""
        strays = Generation.objects.of_worker(self.worker).abandoned()
        release(strays.exclude(token__in={claim.token for claim in claims}), Loss.FORGOT)
        return leases.renew(claims)

    @property
    def interval(self) -> float:
        """Seconds between two renewals, given what is being written."""
        longest: float = settings.GENERATION_RENEW_EVERY
        if all(claim.is_saved for claim in self.slots.claims):
            return longest
        return min(SAVE_EVERY * max(1, len(self.slots) / SAVED_AT_ONCE), longest)
