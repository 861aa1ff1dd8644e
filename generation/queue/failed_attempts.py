"""What a failed attempt leaves on its generation and post: another attempt later, or the end."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Now

from blogs.models import BlogPost, Failure, Status
from generation.failures import FailureCode, GenerationFailed
from generation.models import Generation, State
from generation.queue.locks import row_of
from generation.queue.retries import Retry


def postpone(generation: Generation, failure: GenerationFailed, retry: Retry) -> None:
    """Queue a generation again for another attempt."""
    row_of(generation).update(
        status=State.PENDING,
        token=None,
        lease_until=None,
        not_before=retry.moment,
        attempts=F("attempts") - int(retry.refund),
        fallback_reason=retry.fallback_reason,
        **({} if retry.economy_until is None else {"economy_until": retry.economy_until}),
        failure_code=failure.code,
        failure_message=failure.message,
        failure_details=failure.details,
    )
    generation.post.set_status(Status.PENDING)


def end(generation: Generation, failure: GenerationFailed) -> None:
    row_of(generation).update(
        status=State.FAILED,
        token=None,
        lease_until=None,
        not_before=None,
        finished_at=Now(),
        failure_code=failure.code,
        failure_message=failure.message,
        failure_details=failure.details,
        steps=None,
        reserved=0,
    )
    show_failure(generation.post, failure.code, generation.attempts)


def show_failure(post: BlogPost, code: FailureCode, attempts: int) -> None:
    """Show the failure to everybody; what the model's server said stays on the generation, for owner and editors."""
    post.set_status(Status.FAILED, failure_of(code, attempts))


def failure_of(code: FailureCode, attempts: int) -> Failure:
    return {"code": code, "message": code.summary, "retryable": code.retryable, "attempts": attempts}
