"""How a generation ends or pauses: each way one compare-and-set on its token, so that only one worker's counts."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Expression, F
from django.db.models.functions import Now
from django.utils import timezone

from blogs.models import BlogPost, Failure, Status
from generation.failures import FailureCode, GenerationFailed
from generation.models import Generation, State, from_now
from generation.queue.billing import SPENT, added_up, owed
from generation.queue.log import age, log_step
from generation.queue.rate_limits import LONGEST_PAUSE, PATIENCE, end_strikes, pause

if TYPE_CHECKING:
    from generation.queue.claim import Claim

HELD = ("post_id", "token", "base_revision", "attempts", "deaths", "content", "created_at", *SPENT)
FIRST_WAIT, LONGEST_WAIT = 4.0, 300.0  # seconds before another attempt
# A title, a content, and further columns of the generation: model, the gate's figures, what this attempt spent.
Text = tuple["Claim", str, str, dict[str, Any]]


def land(texts: Sequence[Text]) -> list[str | None]:
    """Make each text its post's, or a proposal if a person changed the post since it was asked for.

    Args:
        texts: of one drain, recorded in one transaction.

    Returns:
        for each "landed", "proposed", or None when the claim no longer holds: then nothing was written.
    """
    with transaction.atomic():
        rows = locked(claim for claim, *_ in texts)
        landed = [record(row, *text) if row else None for row, text in zip(rows, texts, strict=True)]
        if any(landed):
            end_strikes(texts[0][0].provider)  # last: no post is waited for with this row held
        return landed


def record(generation: Generation, claim: Claim, title: str, content: str, facts: dict[str, Any]) -> str:
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
        if not (generation := locked([claim])[0]):
            return None
        claim.mine().update(content=failure.raw or generation.content, **added_up(generation, facts))
        if limited := failure.code == FailureCode.RATE_LIMITED:
            moment: datetime | Expression = pause(claim.provider, failure.retry_after)
        else:
            moment = from_now(min(failure.retry_after or backoff(generation.attempts), LONGEST_PAUSE))
        refund = limited and timezone.now() - generation.created_at < PATIENCE
        if refund or (failure.code.retryable and generation.attempts < settings.GENERATION_ATTEMPTS):
            postpone(generation, failure, moment, refund=refund)
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
        code = FailureCode.CANCELLED
        cancelled = stop(post, State.CANCELLED, failure_code=code, failure_message=code.summary)
        if cancelled and post.revision:
            post.set_status(Status.COMPLETED)
        elif cancelled:
            show_failure(post, code, cancelled.attempts)
    return cancelled is not None


def stop(post: BlogPost, state: State, **columns: Any) -> Generation | None:
    """End the unfinished generation of a post whose row is held; return it as it was, None if there was none."""
    generation = post.generations.newest_first().select_for_update().first()
    if generation is None or generation.finished_at:
        return None
    Generation.objects.filter(pk=generation.pk).update(
        status=state,
        token=None,
        lease_until=None,
        not_before=None,
        finished_at=Now(),
        **columns,
        **owed(generation),
    )
    transaction.on_commit(partial(log_step, state, generation, age(generation)))
    return generation


def hand_back(claim: Claim) -> None:
    """Give a generation back unwritten, its attempt refunded: the worker is stopping."""
    with transaction.atomic():
        if not (generation := locked([claim])[0]):
            return
        steps = claim.paid_answers.as_json()
        claim.mine().update(status=State.PENDING, token=None, lease_until=None, attempts=F("attempts") - 1, steps=steps)
        generation.post.set_status(Status.PENDING)


def locked(claims: Iterable[Claim]) -> list[Generation | None]:
    """Return each claim's row, with its post's row held before it; None for a claim that no longer holds."""
    claims = list(claims)
    posts = BlogPost.objects.filter(pk__in=[claim.post_id for claim in claims]).order_by("pk").select_for_update()
    held = {post.pk: post for post in posts.only("status", "revision", "version")}
    rows = Generation.objects.filter(pk__in=[claim.id for claim in claims], status=State.IN_PROGRESS)
    found = {(row.pk, row.token): row for row in rows.select_for_update().only(*HELD) if row.post_id in held}
    for row in found.values():
        row.post = held[row.post_id]
    return [found.get((claim.id, claim.token)) for claim in claims]


def backoff(attempts: int) -> float:
    """Return how many seconds to wait after so many attempts: doubled each time, and spread."""
    return min(FIRST_WAIT * 2.0 ** (attempts - 1), LONGEST_WAIT) * random.uniform(0.5, 1.5)


def postpone(generation: Generation, failure: GenerationFailed, moment: datetime | Expression, *, refund: bool) -> None:
    """Have another attempt made at `moment`; with `refund` this one does not count."""
    Generation.objects.filter(pk=generation.pk).update(
        status=State.PENDING,
        token=None,
        lease_until=None,
        not_before=moment,
        attempts=F("attempts") - int(refund),
        failure_code=failure.code,
        failure_message=failure.message,
    )
    generation.post.set_status(Status.PENDING)


def end(generation: Generation, failure: GenerationFailed, **columns: Any) -> None:
    Generation.objects.filter(pk=generation.pk).update(
        status=State.FAILED,
        token=None,
        lease_until=None,
        not_before=None,
        finished_at=Now(),
        deaths=generation.deaths,
        failure_code=failure.code,
        failure_message=failure.message,
        **{"steps": None} | columns,
    )
    show_failure(generation.post, failure.code, generation.attempts)


def show_failure(post: BlogPost, code: FailureCode, attempts: int) -> None:
    """Tell everybody; what the model's server said stays on the generation, for the owner and the editors."""
    failure: Failure = {"code": code, "message": code.summary, "retryable": code.retryable, "attempts": attempts}
    post.set_status(Status.FAILED, failure)
