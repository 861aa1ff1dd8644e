"""How attempts fail: each failure has its code, and those that may pass are tried again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blogs.models import Status
from blogsite.testing.model_server import Behaviour, Fault
from blogsite.testing.posts import fresh, request_post
from generation.failures import FailureCode
from generation.models import Generation, State
from generation.worker.executor import write_due

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"status": 401}, "provider_rejected"),
        ({"status": 404}, "provider_rejected"),
        ({"status": 400}, "provider_rejected"),
        ({"status": 429, "code": "insufficient_quota"}, "quota_exceeded"),
        ({"refusal": "I will not write that."}, "refused"),
        ({"text": ""}, "empty_output"),
        ({"fault": "broken_body"}, "invalid_output"),
    ],
)
def test_a_failure_that_no_retry_fixes_ends_at_once_with_its_code(model_server, broken, code):
    post = request_post()
    model_server.always(Behaviour(**broken))

    write_due()

    post, generation = fresh(post), Generation.objects.get()
    assert (post.status, generation.status, generation.failure_code) == (Status.FAILED, State.FAILED, code)
    assert post.failure == {
        "code": code,
        "message": FailureCode(code).summary,
        "retryable": False,
        "attempts": 1,
    }
    assert generation.failure_message


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"status": 500}, "provider_unavailable"),
        ({"status": 503}, "provider_unavailable"),
        ({"fault": "reset"}, "provider_unavailable"),
    ],
)
def test_a_transient_failure_is_retried_later(model_server, broken, code):
    post = request_post()
    model_server.answer(Behaviour(**broken))

    write_due()

    generation = Generation.objects.get()
    assert (fresh(post).status, generation.status, generation.failure_code) == (Status.PENDING, State.PENDING, code)
    assert generation.not_before is not None
    assert generation.not_before > timezone.now()
    Generation.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    write_due()
    assert (fresh(post).status, fresh(post).failure) == (Status.COMPLETED, None)


def test_an_unavailable_server_may_name_the_time_of_the_next_attempt(model_server):
    request_post()
    model_server.answer(Behaviour(status=503, retry_after=1000))

    write_due()

    not_before = Generation.objects.get().not_before
    assert not_before is not None
    assert 990 < (not_before - timezone.now()).total_seconds() < 1000


def test_a_call_without_end_is_a_timeout(model_server, settings):
    settings.GENERATION_CALL_DEADLINE = 0.3
    request_post()
    model_server.always(Behaviour(fault=Fault.HANG))

    write_due()

    assert Generation.objects.get().failure_code == "timeout"


def test_attempts_end_with_a_failure_that_says_so(model_server, settings):
    settings.GENERATION_ATTEMPTS = 2
    post = request_post()
    model_server.always(Behaviour(status=500))

    for _ in range(2):
        Generation.objects.update(not_before=None)
        write_due()

    failure = fresh(post).failure
    assert failure is not None
    assert (failure["code"], failure["retryable"], failure["attempts"]) == ("provider_unavailable", True, 2)
    assert fresh(post).status == Status.FAILED


def test_a_failed_rewrite_leaves_the_old_text(model_server):
    post = request_post()
    write_due()
    old = fresh(post).content
    model_server.always(Behaviour(status=401))

    fresh(post).request_generation()
    write_due()

    assert (fresh(post).status, fresh(post).content) == (Status.FAILED, old)


def test_what_failed_attempts_cost_is_part_of_the_bill(model_server):
    request_post()
    model_server.answer(Behaviour(text="Not a plan."), times=1)
    model_server.answer(Behaviour(), times=1)
    model_server.answer(Behaviour(status=500), times=1)
    write_due()
    first = Generation.objects.get()
    Generation.objects.update(not_before=None)

    write_due()

    both = Generation.objects.get()
    assert (first.status, both.status, both.attempts) == (State.PENDING, State.COMPLETED, 2)
    assert first.calls > 0
    assert both.calls > first.calls
    assert both.prompt_tokens > first.prompt_tokens > 0
    assert first.cost is not None
    assert both.cost is not None
    assert both.cost > first.cost > 0
