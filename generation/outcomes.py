"""How a generation ends or pauses: each way one compare-and-set on its token, so that only one worker's counts."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from blogs.models import BlogPost, Status
from generation.failures import FailureCode, GenerationFailed
from generation.models import Generation, State, from_now
from generation.pauses import LONGEST_PAUSE, PATIENCE, pause

if TYPE_CHECKING:
    from generation.claims import Claim

SPENT = ("calls", "prompt_tokens", "cached_tokens", "completion_tokens", "cost")
HELD = ("post_id", "base_revision", "attempts", "deaths", "content", "created_at", *SPENT)
FIRST_WAIT, LONGEST_WAIT = 4.0, 300.0  # seconds before another attempt


def land(claim: Claim, title: str, content: str, facts: dict[str, Any]) -> str | None:
    """Make the text the post's, or a proposal if a person changed the post since it was asked for.

    Several may land in one transaction of the caller's; their posts' rows are then to be taken in order.

    Args:
        facts: further columns of the generation: model, the gate's figures, and what this attempt spent.

    Returns:
        "landed", "proposed", or None when the claim no longer holds: then nothing was written.
    """
    with transaction.atomic(savepoint=False):
        if not (generation := locked(claim)):
            return None
        revision = generation.post.land(title=title, content=content, base_revision=generation.base_revision)
        landing = Generation.Landing.LANDED if revision else Generation.Landing.PROPOSED
        claim.mine().update(
            status=State.COMPLETED,
            token=None,
            lease_until=None,
            finished_at=Now(),
            title=title,
            content=content,
            landing=landing,
            revision_id=revision,
            failure_code="",
            failure_message="",
            **added_up(generation, facts),
        )
    return landing


def fail(claim: Claim, failure: GenerationFailed, facts: dict[str, Any]) -> State | None:
    """Record a failed attempt: another one later if that may help, else the end.

    Returns:
        the generation's state now, or None when the claim no longer holds.
    """
    with transaction.atomic():
        if not (generation := locked(claim)):
            return None
        claim.mine().update(content=failure.raw or generation.content, **added_up(generation, facts))
        is_young = timezone.now() - generation.created_at < PATIENCE
        if failure.code == FailureCode.RATE_LIMITED and is_young:
            postpone(generation, failure, pause(claim.provider, failure.retry_after), refund=True)
            return State.PENDING
        if failure.code.retryable and generation.attempts < settings.GENERATION_ATTEMPTS:
            postpone(generation, failure, failure.retry_after or backoff(generation.attempts))
            return State.PENDING
        end(generation, failure)
        return State.FAILED


def cancel(post: BlogPost) -> bool:
    """End the unfinished generation of a post; return whether there was one.

    The post falls back to its earlier text, or without one to `failed`. A worker that writes it finds out when it
    renews its lease, and ends its calls.
    """
    with transaction.atomic():
        post.lock()
        message = "The generation was cancelled."
        cancelled = post.generations.unfinished().update(
            status=State.CANCELLED,
            token=None,
            lease_until=None,
            not_before=None,
            finished_at=Now(),
            failure_code=FailureCode.CANCELLED,
            failure_message=message,
            steps=None,
        )
        if cancelled and post.revision:
            post.set_status(Status.COMPLETED)
        elif cancelled:
            failure = {"code": FailureCode.CANCELLED, "message": message, "retryable": False, "attempts": 0}
            post.set_status(Status.FAILED, failure)
    return bool(cancelled)


def hand_back(claim: Claim) -> None:
    """Give a generation back unwritten, its attempt refunded: the worker is stopping."""
    with transaction.atomic():
        if not (generation := locked(claim)):
            return
        steps = claim.ledger.as_json()
        claim.mine().update(status=State.PENDING, token=None, lease_until=None, attempts=F("attempts") - 1, steps=steps)
        generation.post.set_status(Status.PENDING)


def locked(claim: Claim) -> Generation | None:
    """Return the claimed row with its post's row held before it, or None if the claim no longer holds."""
    post = one(BlogPost.objects.filter(pk=claim.post_id).only("status", "revision", "version"))
    generation: Generation | None = one(claim.mine().only(*HELD)) if post else None
    if generation and post:
        generation.post = post
    return generation


def one(rows: Any) -> Any:
    """Return the first row, held, without having the database sort."""
    return next(iter(rows.select_for_update()[:1]), None)


def added_up(generation: Generation, facts: dict[str, Any]) -> dict[str, Any]:
    """Return `facts` with what was spent added to what earlier attempts had spent."""
    sums = {name: (getattr(generation, name) or 0) + facts[name] for name in SPENT if facts.get(name) is not None}
    return {name: value for name, value in facts.items() if name not in SPENT} | sums


def backoff(attempts: int) -> float:
    """Return how many seconds to wait after so many attempts: doubled each time, and spread."""
    return min(FIRST_WAIT * 2.0 ** (attempts - 1), LONGEST_WAIT) * random.uniform(0.5, 1.5)


def postpone(generation: Generation, failure: GenerationFailed, seconds: float, *, refund: bool = False) -> None:
    """Have another attempt made in `seconds`; with `refund` this one does not count."""
    Generation.objects.filter(pk=generation.pk).update(
        status=State.PENDING,
        token=None,
        lease_until=None,
        not_before=from_now(min(seconds, LONGEST_PAUSE)),
        attempts=F("attempts") - int(refund),
        failure_code=failure.code,
        failure_message=failure.message,
    )
    generation.post.set_status(Status.PENDING)


def end(generation: Generation, failure: GenerationFailed) -> None:
    Generation.objects.filter(pk=generation.pk).update(
        status=State.FAILED,
        token=None,
        lease_until=None,
        not_before=None,
        finished_at=Now(),
        deaths=generation.deaths,
        failure_code=failure.code,
        failure_message=failure.message,
        steps=None,
    )
    generation.post.set_status(
        Status.FAILED,
        {
            "code": failure.code,
            "message": failure.message,
            "retryable": failure.code.retryable,
            "attempts": generation.attempts,
        },
    )
