"""Retries: when another attempt follows a failed one, and where it goes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import DateTimeField, F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Least, Now

from generation.failures import FailureCode, GenerationFailed, Remedy
from generation.llm.providers import fallback_provider
from generation.llm.responses import ServerFailed
from generation.models import Generation, from_now
from generation.queue.claim import Claim
from generation.queue.locks import row_of
from generation.queue.rate_limits import LONGEST_PAUSE, REFUND_WITHIN, pause, paused_providers

FIRST_WAIT, LONGEST_WAIT = 4.0, 300.0  # seconds before another attempt
# Seconds in which a fallback is left alone that takes no request, as its key is wrong or its account empty.
FALLBACK_REST = 300.0
ECONOMY_WAIT = 1800.0  # seconds, from the first time that the economy tier has no room for a generation
# A timeout is here whether it was of the connection or of the answer: the client has one deadline for both.
FALLBACK_REASONS = {FailureCode.RATE_LIMITED, FailureCode.PROVIDER_UNAVAILABLE, FailureCode.TIMEOUT}


@dataclass(frozen=True)
class Retry:
    """Another attempt.

    Args:
        moment: of its earliest start, by the database's clock.
        refund: whether the failed attempt does not count.
        fallback_reason: why it goes to the fallback; empty if it goes to the first provider.
        economy_until: from then on the economy tier is not asked again; None leaves that as it is.
    """

    moment: datetime | Combinable
    refund: bool = False
    fallback_reason: str = ""
    economy_until: Combinable | None = None


def next_attempt(failure: GenerationFailed, claim: Claim, generation: Generation) -> Retry | None:
    """Return the attempt that follows a failed one, or None if there is none.

    A rate limit pauses its provider; after the last attempt that is left to the caller, who locks it last.

    From the first provider it goes to the fallback, at once; from there back, after a wait. What is wrong with the
    fallback's settings or account fails no post that the first provider can still write.
    """
    if claim.provider.service_tier and (retry := economy_retry(failure, claim)):
        return retry
    limited = failure.code == FailureCode.RATE_LIMITED
    refund = limited and row_of(generation).filter(created_at__gt=from_now(-REFUND_WITHIN)).exists()
    may_pass = failure.code.retryable or is_out_of_order(failure, claim)
    if not (refund or (may_pass and generation.attempts < settings.GENERATION_ATTEMPTS)):
        return None
    paused_until = pause_for(failure, claim)
    if reason := fallback_reason(failure, claim):
        return Retry(Now(), refund, reason)
    moment = from_now(min(failure.retry_after or backoff(generation.attempts), LONGEST_PAUSE))
    return Retry(paused_until if limited and paused_until else moment, refund)


def pause_for(failure: GenerationFailed, claim: Claim) -> datetime | None:
    """Pause the provider of a failed attempt, if it is limited or a fallback that takes no request; return until when.

    Its row is locked last in a transaction.
    """
    if is_out_of_order(failure, claim):
        return pause(claim.provider.key, FALLBACK_REST)
    if failure.code == FailureCode.RATE_LIMITED:
        return pause(claim.provider.key, failure.retry_after)
    return None


def is_out_of_order(failure: GenerationFailed, claim: Claim) -> bool:
    """Whether a fallback takes no request: a budget or limit of ours says nothing about it."""
    is_our_limit = failure.code == FailureCode.QUOTA_EXCEEDED and not isinstance(failure, ServerFailed)
    return claim.provider.is_fallback and failure.code.remedy == Remedy.CHECK_MODEL and not is_our_limit


def economy_retry(failure: GenerationFailed, claim: Claim) -> Retry | None:
    """Return the attempt after one that failed because of the economy tier, or may have; it does not count.

    Where that has no room the generation waits for it, but not for ever. A timeout, and a rejection, whose cause the
    server may name anywhere, lead to the standard tier at once: there it either passes or fails for good.
    """
    if failure.code == FailureCode.RATE_LIMITED:
        until = Coalesce(F("economy_until"), from_now(ECONOMY_WAIT))
        paused_until = Value(pause(claim.provider.key, failure.retry_after), output_field=DateTimeField())
        return Retry(Least(paused_until, until), refund=True, economy_until=until)
    if failure.code in {FailureCode.TIMEOUT, FailureCode.PROVIDER_REJECTED}:
        return Retry(Now(), refund=True, economy_until=Now())
    return None


def fallback_reason(failure: GenerationFailed, claim: Claim) -> str:
    """Return why the next attempt goes to the fallback, empty if it does not."""
    if claim.provider.is_fallback or failure.code not in FALLBACK_REASONS:
        return ""
    fallback = fallback_provider()
    return failure.code.value if fallback and fallback.key not in paused_providers() else ""


def backoff(attempts: int) -> float:
    """Return how many seconds to wait after so many attempts: doubled each time, and spread."""
    return min(FIRST_WAIT * 2.0 ** (attempts - 1), LONGEST_WAIT) * random.uniform(0.5, 1.5)
