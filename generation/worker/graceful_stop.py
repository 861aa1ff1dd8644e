"""Graceful stop of an executor: what happens to the attempts under way."""

import time

from django.conf import settings

from generation.queue import transitions
from generation.queue.log import log_step
from generation.worker.database_thread import database
from generation.worker.lease_keeper import LeaseKeeper
from generation.worker.slots import Slots

TICK = 0.2  # seconds between two polls for ended calls and progress


async def finish_or_hand_back(slots: Slots, leases: LeaseKeeper) -> None:
    """Let calls finish for GENERATION_GRACE, then hand the rest back unwritten."""
    ends_at = time.monotonic() + settings.GENERATION_GRACE
    while slots and (left := ends_at - time.monotonic()) > 0:
        await slots.wait(min(TICK, left))
        await leases.keep()
    unwritten = slots.claims
    await slots.cancel(unwritten)
    for claim in unwritten:
        await database(transitions.hand_back, claim)
        log_step("handed_back", claim, why="worker is stopping")
