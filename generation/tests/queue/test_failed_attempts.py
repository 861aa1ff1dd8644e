"""A failed attempt is followed by another or ends its generation, which then says what all of them cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from blogs.models import Status
from blogsite.testing.posts import NOW, FromNow, bill, changes_of, fresh, rows_of_others
from generation.failures import FailureCode
from generation.models import Generation, ProviderPause, State
from generation.queue import transitions
from generation.queue.rate_limits import LONGEST_PAUSE, REFUND_WITHIN, pause
from generation.queue.retries import backoff
from generation.tests.queue.veterans import (
    ANOTHER_PROVIDER,
    BILLED,
    PROVIDER,
    RECORDED,
    SPENT,
    failure,
    fetched,
    make_others,
    shown,
    text_for,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_a_text_that_did_not_pass_its_checks_is_a_proposal_of_a_failed_generation():
    make_others()
    claim, generation = fetched()
    others = rows_of_others(generation.post)
    rejected = failure(FailureCode.INVALID_OUTPUT)

    assert transitions.reject(text_for(claim), rejected) == State.FAILED

    assert changes_of(generation) == BILLED | RECORDED | {
        "status": State.FAILED,
        "token": None,
        "lease_until": None,
        "finished_at": NOW,
        "landing": "proposed",
        "failure_code": "invalid_output",
        "failure_message": "The server said no.",
        "steps": None,
    }
    assert changes_of(generation.post) == {
        "status": Status.FAILED,
        "failure": shown(FailureCode.INVALID_OUTPUT, attempts=1),
        "progress": None,
        "version": generation.post.version + 1,
        "updated_at": fresh(generation.post).updated_at,
    }
    assert rows_of_others(generation.post) == others


def test_after_a_failure_that_may_pass_there_is_another_attempt():
    make_others()
    claim, generation = fetched(attempts=1)
    others = rows_of_others(generation.post)

    assert transitions.fail(claim, failure(retry_after=1_000, raw="Half a text"), bill(SPENT)) == State.PENDING

    billed_answers: dict[str, Any] = {"a request's hash": ["A plan.", []]}
    assert changes_of(generation) == BILLED | {
        "status": State.PENDING,
        "token": None,
        "lease_until": None,
        "not_before": FromNow(1_000),
        "content": "Half a text",
        "failure_message": "The server said no.",
        "steps": {"seed": 7, "answers": billed_answers},
    }
    assert changes_of(generation.post) == {
        "status": Status.PENDING,
        "progress": {"stage": "wait", "done": 0, "total": 0},
        "version": generation.post.version + 1,
        "updated_at": fresh(generation.post).updated_at,
    }
    assert rows_of_others(generation.post) == others
    assert not ProviderPause.objects.exists()


def test_a_failure_that_left_no_text_keeps_what_was_there():
    claim, generation = fetched()

    transitions.fail(claim, failure(FailureCode.PROVIDER_UNAVAILABLE), bill())

    changes = changes_of(generation)
    assert (changes["failure_code"], "content" in changes) == ("provider_unavailable", False)


def test_after_a_failure_that_stays_there_is_no_other_attempt():
    make_others()
    claim, generation = fetched()
    Generation.objects.filter(pk=claim.id).update(not_before=timezone.now() - MINUTE)
    others = rows_of_others(generation.post)

    assert transitions.fail(claim, failure(FailureCode.REFUSED, raw="I cannot."), bill(SPENT)) == State.FAILED

    assert changes_of(generation) == BILLED | {
        "status": State.FAILED,
        "token": None,
        "lease_until": None,
        "finished_at": NOW,
        "content": "I cannot.",
        "failure_code": "refused",
        "failure_message": "The server said no.",
        "steps": None,
    }
    assert fresh(generation.post).failure == shown(FailureCode.REFUSED, attempts=1)
    assert rows_of_others(generation.post) == others


@pytest.mark.parametrize(("attempts", "state"), [(1, State.PENDING), (2, State.PENDING), (3, State.FAILED)])
def test_the_last_attempt_that_fails_ends_a_generation(settings, attempts, state):
    settings.GENERATION_ATTEMPTS = 3
    claim, _ = fetched(attempts=attempts - 1)

    assert transitions.fail(claim, failure(), bill()) == state


@pytest.mark.parametrize(("named", "waited"), [(1_000, 1_000), (LONGEST_PAUSE * 9, LONGEST_PAUSE), (None, 4)])
def test_another_attempt_waits_as_long_as_the_provider_named_within_reason(named, waited):
    claim, _ = fetched()

    transitions.fail(claim, failure(retry_after=named), bill())

    assert Generation.objects.get().not_before == FromNow(waited)


@given(attempts=st.integers(1, 50))
def test_waits_double_up_to_a_limit_and_are_spread(attempts):
    longest = min(4 * 2.0 ** (attempts - 1), 300)
    waits = {backoff(attempts) for _ in range(20)}

    assert len(waits) > 10
    assert all(longest / 2 <= wait <= longest * 1.5 for wait in waits)


def test_a_rate_limit_takes_no_attempt_and_pauses_its_own_provider():
    make_others()
    pause(ANOTHER_PROVIDER, 10)
    claim, generation = fetched(attempts=configured.GENERATION_ATTEMPTS - 1)
    others, pauses = rows_of_others(generation.post), list(ProviderPause.objects.values())

    limited = failure(FailureCode.RATE_LIMITED, retry_after=1_000)
    assert transitions.fail(claim, limited, bill(SPENT)) == State.PENDING

    changes = changes_of(generation)
    until = ProviderPause.objects.get(provider=PROVIDER).until
    assert changes["not_before"] == until == FromNow(1_000)
    assert (changes["attempts"], changes["failure_code"]) == (configured.GENERATION_ATTEMPTS - 1, "rate_limited")
    assert list(ProviderPause.objects.exclude(provider=PROVIDER).values()) == pauses
    assert rows_of_others(generation.post) == others


@pytest.mark.parametrize(
    ("age", "attempts", "state", "counted"),
    [
        (REFUND_WITHIN - 60, 3, State.PENDING, 2),
        (REFUND_WITHIN + 60, 2, State.PENDING, 2),
        (REFUND_WITHIN + 60, 3, State.FAILED, 3),
    ],
)
def test_a_rate_limit_takes_an_attempt_of_a_generation_that_is_an_hour_old(settings, age, attempts, state, counted):
    settings.GENERATION_ATTEMPTS = 3
    claim, generation = fetched(attempts=attempts - 1, created_at=timezone.now() - timedelta(seconds=age))

    assert transitions.fail(claim, failure(FailureCode.RATE_LIMITED), bill()) == state

    generation.refresh_from_db()
    assert generation.attempts == counted


def test_another_failure_takes_an_attempt_of_a_generation_however_young():
    claim, generation = fetched()

    transitions.fail(claim, failure(), bill())

    generation.refresh_from_db()
    assert generation.attempts == 1
