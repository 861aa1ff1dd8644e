"""The transitions of a generation after its fetch, each one compare-and-set on its token: only one worker's counts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from blogs.models import BlogPost, Status
from generation.budgets.settlement import Ending, settle_all
from generation.failures import FailureCode, GenerationFailed
from generation.models import Generation, State
from generation.queue.billing import Bill, ending_of, settled
from generation.queue.claim import Claim
from generation.queue.failed_attempts import end, postpone, show_failure
from generation.queue.finished_text import FinishedText
from generation.queue.late_bills import bill_ended, bill_rest, left_open
from generation.queue.locks import HELD, Held, RowsHeld, locked, locked_one, row_of, unfinished
from generation.queue.log import log_step
from generation.queue.rate_limits import end_refusals
from generation.queue.retries import next_attempt, pause_for


def land(texts: Sequence[FinishedText]) -> list[Generation.Landing | Held | None]:
    """Make each text its post's, or a proposal: if a person changed the post meanwhile, or it was requested as one.

    Args:
        texts: of one worker, recorded in one transaction.

    Returns:
        for each whether it landed or is proposed; HELD when another transaction holds its rows, so that it has to try
        again; None when the claim no longer holds. In these two cases nothing was written.
    """
    with transaction.atomic():
        rows = list(zip(locked([text.claim for text in texts]), texts, strict=True))
        endings: list[Ending] = []
        held = bill_ended([text.claim for row, text in rows if row is None], endings)
        landed = [
            record(row, text, endings) if isinstance(row, Generation) else HELD if text.claim in held else row
            for row, text in rows
        ]
        settle_all(endings)
        if any(landing not in (HELD, None) for landing in landed):
            for provider in {text.claim.provider.key for text in texts}:
                end_refusals(provider)  # last: nothing waits for a post with this row held
        return landed


def record(generation: Generation, text: FinishedText, endings: list[Ending]) -> Generation.Landing:
    total = text.bill.added_to(generation)
    generation.spent_at_most = text.claim.spent_at_most
    endings.append(ending_of(generation, total))
    revision = generation.post.land(
        title=text.title,
        content=text.content,
        base_revision=generation.base_revision,
        proposes_only=generation.proposes_only,
    )
    landing = Generation.Landing.LANDED if revision else Generation.Landing.PROPOSED
    row_of(generation).update(
        status=State.COMPLETED,
        token=None,
        lease_until=None,
        finished_at=Now(),
        title=text.title,
        content=text.content,
        landing=landing,
        revision_id=revision,
        failure_code="",
        failure_message="",
        failure_details="",
        gate=text.gate,
        prompt_version=text.prompt_version,
        warnings=text.warnings,
        provenance=text.provenance | text.bill.provenance,
        steps=None,
        reserved=0,
        spent_at_most=generation.spent_at_most,
        **total._asdict(),
    )
    return landing


def reject(text: FinishedText, failure: GenerationFailed) -> State | None:
    """Fail a generation whose text did not pass the checks; the text is a proposal, for a person to decide on.

    Returns:
        the generation's state now, or None when the claim no longer holds.
    """
    with transaction.atomic():
        if not (generation := locked_or_billed(text.claim)):
            return None
        total = text.bill.added_to(generation)
        generation.spent_at_most = text.claim.spent_at_most
        row_of(generation).update(
            title=text.title,
            content=text.content,
            landing=Generation.Landing.PROPOSED,
            gate=text.gate,
            prompt_version=text.prompt_version,
            warnings=text.warnings,
            provenance=text.provenance | text.bill.provenance,
            **total._asdict(),
        )
        generation.post.count_proposal(text.title, text.content, waits=True)
        end(generation, failure)
        settle_all([ending_of(generation, total)])
        return State.FAILED


def fail(claim: Claim, failure: GenerationFailed, bill: Bill) -> State | None:
    """Record a failed attempt: another one later if that may help, else the end.

    Returns:
        the generation's state now, or None when the claim no longer holds.
    """
    with transaction.atomic():
        if not (generation := locked_or_billed(claim)):
            return None
        total = bill.added_to(generation)
        generation.spent_at_most = claim.spent_at_most
        row_of(generation).update(
            content=failure.raw or generation.content,
            steps=claim.paid_answers.as_json(billed=True),
            spent_at_most=generation.spent_at_most,
            **total._asdict(),
        )
        if retry := next_attempt(failure, claim, generation):
            postpone(generation, failure, retry)
            return State.PENDING
        end(generation, failure)
        settle_all([ending_of(generation, total)])
        pause_for(failure, claim)  # last: who holds this row waits for no budget
        return State.FAILED


def locked_or_billed(claim: Claim) -> Generation | None:
    """Lock a claim's row; if the claim no longer holds, add what its attempt has spent to the bill, and return None.

    Raises:
        RowsHeld: another transaction holds the rows.
    """
    generation = locked_one(claim)
    if generation is None and bill_rest([claim]):
        raise RowsHeld
    return generation


def cancel(post: BlogPost) -> bool:
    """End the unfinished generation of a post; return whether there was one.

    The post falls back to its earlier text, or without one to `failed`. A worker that writes it finds out when it
    renews its lease, and ends its calls.
    """
    with transaction.atomic():
        post.lock()
        if not (generation := unfinished(post)):
            return False
        settle_all([cancel_unfinished(post, generation)])
        return True


def cancel_unfinished(post: BlogPost, generation: Generation, why: str = FailureCode.CANCELLED.summary) -> Ending:
    """End an unfinished generation of a post, as `cancel` does. Both rows must be locked.

    Args:
        why: a sentence for the post's owner.

    Returns:
        what is to be settled.
    """
    code = FailureCode.CANCELLED
    ending = stop(generation, State.CANCELLED, code, why)
    if post.revision:
        post.set_status(Status.COMPLETED)
    else:
        show_failure(post, code, generation.attempts)
    return ending


def supersede(post: BlogPost) -> Ending | None:
    """End the unfinished generation of a post, whose row must be locked, in favour of a newer one.

    A worker that writes it finds out when it renews its lease, and ends its calls.

    Returns:
        what is to be settled, if there was one.
    """
    if not (generation := unfinished(post)):
        return None
    return stop(generation, State.SUPERSEDED, generation.failure_code, generation.failure_message)


def stop(generation: Generation, state: State, code: str, message: str) -> Ending:
    """End a generation that nobody wants any more; return what is to be settled."""
    total = settled(generation)
    row_of(generation).update(
        status=state,
        token=None,
        lease_until=None,
        not_before=None,
        finished_at=Now(),
        failure_code=code,
        failure_message=message,
        steps=left_open(generation),
        reserved=0,
        **total._asdict(),
    )
    transaction.on_commit(partial(log_step, state, generation))
    return ending_of(generation, total)


def hand_back(claim: Claim) -> None:
    """Queue a generation again, unwritten and with its attempt refunded: the worker is stopping."""
    with transaction.atomic():
        if not (generation := locked_or_billed(claim)):
            return
        row_of(generation).update(
            status=State.PENDING,
            token=None,
            lease_until=None,
            attempts=F("attempts") - 1,
            steps=claim.paid_answers.as_json(),
            spent_at_most=claim.spent_at_most,
        )
        generation.post.set_status(Status.PENDING)
