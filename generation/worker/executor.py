"""The drain: takes up generations that wait and writes many of them at once, until none is left.

The row is the truth and the queue's message a doorbell: a drain takes what is due, not what rang. The model's calls
run on an asyncio loop; all work in the database runs in the thread that called `write_due`, on its one connection.
"""

import asyncio
import logging
import math
import random
import time
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings

from generation import smol_blogwriter
from generation.failures import FailureCode, GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.providers import Provider, configured_provider
from generation.models import HouseStyle, State
from generation.queue import fetch, leases, transitions
from generation.queue.billing import Bill
from generation.queue.claim import Claim
from generation.queue.finished_text import FinishedText
from generation.queue.log import log_step
from generation.queue.wakeups import is_wakeup_queued, wake_a_worker
from generation.worker.batcher import LandingBatcher
from generation.worker.database_thread import database
from generation.worker.identity import worker_name
from generation.worker.shutdown import is_stopping

logger = logging.getLogger(__name__)

TICK = 0.2  # seconds between two looks for work, for progress and for a stop
FILL_EVERY = 0.1  # seconds: slots that free together are filled together, which costs the database a seventh
SAVE_EVERY = 1.0  # seconds between two saves of a progress that changed; more where many are under way
SAVED_AT_ONCE = 20  # progresses that are saved in so short a time


def write_due() -> int:
    """Write what waits; return how many generations were taken up."""
    provider = configured_provider()
    if not fetch.is_due(provider.key):
        return 0  # most doorbells: another drain was faster
    return async_to_sync(Executor(provider).run)()


class Executor:
    """One run of the task: up to GENERATION_CONCURRENCY generations at once on one loop."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.worker = worker_name()
        self.running: dict[asyncio.Task[None], Claim] = {}
        self.taken = 0
        # Spread, for at its end a drain takes up nothing more: not all shall end together.
        self.ends_at = time.monotonic() + settings.GENERATION_WINDOW * random.uniform(0.75, 1.0)
        self.renewed_at = time.monotonic()
        self.fill_at = 0.0
        self.style, self.style_until = "", 0.0
        self.landings = LandingBatcher()

    async def run(self) -> int:
        async with ModelClient(self.provider) as self.client:
            try:
                while await self.fill() or self.running:
                    await asyncio.wait(self.running, timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
                    self.reap()
                    await self.keep_leases()
                    if is_stopping():
                        await self.stop()
            finally:
                await self.cancel(list(self.running))
        if self.is_over:  # perhaps before the work was
            await database(self.call_another)
        return self.taken

    @property
    def is_over(self) -> bool:
        return is_stopping() or time.monotonic() > self.ends_at

    async def fill(self) -> bool:
        """Take up as many generations as slots are free; return whether any was."""
        free = self.free_slots()
        too_soon = self.fill_at - time.monotonic()
        if free <= 0 or self.is_over or (self.running and too_soon > 0):
            return False
        await asyncio.sleep(too_soon)
        self.fill_at = time.monotonic() + FILL_EVERY
        taken = await database(self.claim, free)
        for claim in taken:
            log("claimed", claim, **({"lost_by": claim.lost_by} if claim.lost_by else {}))
            self.running[asyncio.create_task(self.write(claim))] = claim
        self.taken += len(taken)
        if len(taken) == free:  # perhaps more wait than this process can write
            await database(self.call_another)
        return bool(taken)

    def claim(self, free: int) -> list[Claim]:
        """Take up so many, in the database's thread.

        While the database was away the leases were not renewed. They are now, or this drain would take what it writes
        itself for abandoned.
        """
        if time.monotonic() - self.renewed_at > settings.GENERATION_RENEW_EVERY:
            leases.renew(list(self.running.values()))
            self.renewed_at = time.monotonic()
        suspects = 1 - sum(claim.is_suspect for claim in self.running.values())
        return fetch.fetch_due(free, self.worker, self.provider.key, suspects=suspects)

    def call_another(self) -> None:
        """Have another worker take up what still waits."""
        if not is_wakeup_queued() and fetch.is_due(self.provider.key):
            wake_a_worker()

    def free_slots(self) -> int:
        """A text that is only to be recorded holds no slot; but no more than as many may wait for that."""
        unwritten = sum(not claim.written for claim in self.running.values())
        most = settings.GENERATION_CONCURRENCY
        return int(min(most - unwritten, 2 * most - len(self.running)))

    def reap(self) -> None:
        for task in [task for task in self.running if task.done()]:
            del self.running[task]
            if not task.cancelled() and (error := task.exception()):
                logger.error("a generation's end could not be recorded; its lease will expire", exc_info=error)

    async def keep_leases(self) -> None:
        """Renew all leases when it is time or progress is to be saved; end the work that is no longer wanted."""
        since = time.monotonic() - self.renewed_at
        changed = any(not claim.is_saved for claim in self.running.values())
        pace = SAVE_EVERY * max(1, len(self.running) / SAVED_AT_ONCE)
        if since < min(pace if changed else math.inf, settings.GENERATION_RENEW_EVERY):
            return
        self.renewed_at = time.monotonic()
        lost = await database(leases.renew, list(self.running.values()))
        lost = [claim for claim in lost if not claim.written]  # those ended while they were being renewed
        for claim in lost:
            log("stopped", claim, why="cancelled, superseded, deleted or taken over")
        await self.cancel([task for task, claim in self.running.items() if claim in lost])

    async def stop(self) -> None:
        """Let calls finish for the grace period, then hand the rest back unwritten."""
        ends_at = time.monotonic() + settings.GENERATION_GRACE
        while self.running and (left := ends_at - time.monotonic()) > 0:
            await asyncio.wait(self.running, timeout=min(TICK, left), return_when=asyncio.FIRST_COMPLETED)
            self.reap()
            await self.keep_leases()
        unwritten = list(self.running.values())
        await self.cancel(list(self.running))
        for claim in unwritten:
            await database(transitions.hand_back, claim)
            log("handed_back", claim, why="the worker stops")

    async def cancel(self, tasks: list[asyncio.Task[None]]) -> None:
        """End tasks and wait for it; a text that is written already is still recorded."""
        for task in tasks:
            if not self.running[task].written:
                task.cancel()
        if tasks:
            await asyncio.wait(tasks)
            self.reap()

    async def write(self, claim: Claim) -> None:
        """Write one generation and record how it ended."""
        try:
            draft = await self.draft(claim)
        except smol_blogwriter.RejectedDraft as rejected:
            claim.written = True
            state = await database(transitions.reject, self.finished(claim, rejected.draft), rejected)
            log_failure(claim, rejected, state)
        except GenerationFailed as failure:
            claim.written = True
            state = await database(transitions.fail, claim, failure, self.bill(claim))
            log_failure(claim, failure, state)
        else:
            claim.written = True
            landing = await self.landings.land(self.finished(claim, draft))
            log(landing or "dropped", claim, calls=draft.usage.calls)

    async def draft(self, claim: Claim) -> smol_blogwriter.Draft:
        """Run the writer; whatever goes wrong comes out as a failure with a code."""
        style = await self.house_style()
        brief = smol_blogwriter.Brief(claim.brief_title, claim.brief, **claim.options, house_style=style)
        try:
            async with asyncio.timeout(settings.GENERATION_DEADLINE):
                return await smol_blogwriter.write(brief, self.client, claim.report, claim.paid_answers)
        except TimeoutError as error:
            message = f"The post was not finished within {settings.GENERATION_DEADLINE:.0f} seconds."
            raise GenerationFailed(FailureCode.TIMEOUT, message) from error
        except GenerationFailed:
            raise
        except Exception as error:
            logger.exception("the writer broke on generation %s", claim.id)
            raise GenerationFailed(FailureCode.WORKER_LOST, "The writer broke; its log says where.") from error

    async def house_style(self) -> str:
        """Return the site's house style; for a generation it is as old as a lease's renewal at the most."""
        if time.monotonic() > self.style_until:
            self.style = await database(HouseStyle.current)
            self.style_until = time.monotonic() + settings.GENERATION_RENEW_EVERY
        return self.style

    def finished(self, claim: Claim, draft: smol_blogwriter.Draft) -> FinishedText:
        """Return a draft as it goes to the database, with what tells how it was made."""
        return FinishedText(
            claim=claim,
            title=draft.title,
            content=draft.content,
            bill=self.bill(claim),
            gate=draft.gate,
            prompt_version=draft.prompt_version,
            provenance=draft.provenance | {"prices_of": settings.MODEL_PRICES_DATE},
        )

    def bill(self, claim: Claim) -> Bill:
        return Bill(self.provider.name, self.provider.model, claim.paid_answers.usage)


def log_failure(claim: Claim, failure: GenerationFailed, state: State | None) -> None:
    calls = claim.paid_answers.usage.calls
    log("failed", claim, now=state, code=failure.code, calls=calls, why=failure.message)


def log(step: str, claim: Claim, **facts: Any) -> None:
    log_step(step, claim, time.monotonic() - claim.taken_at, **facts)
