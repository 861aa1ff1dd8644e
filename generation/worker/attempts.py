"""Attempts: each runs the writer on a claim and records how that ended."""

from django.conf import settings

from generation.failures import FailureCode, GenerationFailed
from generation.models import State
from generation.processes.deadline import deadline
from generation.queue import transitions
from generation.queue.billing import Bill
from generation.queue.claim import Claim
from generation.queue.finished_text import FinishedText
from generation.queue.log import log_step, logger
from generation.smol_blogwriter import Brief, Draft, RejectedDraft, write
from generation.worker.batcher import LandingBatcher
from generation.worker.clients import ModelClients
from generation.worker.database_thread import database
from generation.worker.house_style import HouseStyleCache
from generation.worker.purse import AttemptPurse, GrantBatcher
from generation.writer.purse import OPEN_PURSE


class AttemptRunner:
    """Makes the attempts of one executor.

    Args:
        clients: of the executor.
    """

    def __init__(self, clients: ModelClients) -> None:
        self.clients = clients
        self.house_style = HouseStyleCache()
        self.batcher = LandingBatcher()
        self.grants = GrantBatcher()

    async def run(self, claim: Claim) -> None:
        """Write one generation and record how it ended."""
        try:
            draft = await self.draft(claim)
        except GenerationFailed as failure:
            claim.written = True
            await self.record_failure(claim, failure)
        else:
            claim.written = True
            landing = await self.batcher.land(self.finished_text(claim, draft))
            log_step(landing or "dropped", claim, calls=draft.usage.calls)

    async def draft(self, claim: Claim) -> Draft:
        """Run the writer; whatever goes wrong comes out as a failure with a code."""
        style = await self.house_style.current()
        brief = Brief(claim.brief_title, claim.brief, **claim.options, house_style=style)
        try:
            async with deadline(settings.GENERATION_DEADLINE):
                client = await self.clients.of(claim.provider)
                purse = AttemptPurse(claim, self.grants) if claim.is_charged else OPEN_PURSE
                return await write(brief, client, claim.report_progress, claim.paid_answers, purse)
        except TimeoutError as error:
            message = f"The post was not finished within {settings.GENERATION_DEADLINE:.0f} seconds."
            raise GenerationFailed(FailureCode.TIMEOUT, message) from error
        except GenerationFailed:
            raise
        except Exception as error:
            logger.exception("unexpected error while writing generation %s", claim.id)
            raise GenerationFailed(
                FailureCode.WORKER_LOST, "Unexpected error in the writer; see the worker's log."
            ) from error

    async def record_failure(self, claim: Claim, failure: GenerationFailed) -> None:
        state: State | None
        if isinstance(failure, RejectedDraft):
            state = await database(transitions.reject, self.finished_text(claim, failure.draft), failure)
        else:
            state = await database(transitions.fail, claim, failure, self.bill(claim))
        calls = claim.paid_answers.usage.calls
        log_step("failed", claim, now=state, code=failure.code, calls=calls, why=failure.for_staff)

    def finished_text(self, claim: Claim, draft: Draft) -> FinishedText:
        """Return a draft as it is recorded, with its provenance."""
        return FinishedText(
            claim=claim,
            title=draft.title,
            content=draft.content,
            bill=self.bill(claim),
            gate=draft.gate,
            prompt_version=draft.prompt_version,
            provenance=draft.provenance | claim.detour,
            warnings=[finding.as_json() for finding in draft.warnings],
        )

    def bill(self, claim: Claim) -> Bill:
        return Bill(claim.provider.name, claim.provider.model, claim.paid_answers.usage)
