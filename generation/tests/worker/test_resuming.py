"""What was paid for is not paid again: an attempt that crashes, stops or fails leaves its answers to the next."""

import itertools
import json
from collections import Counter
from typing import Any

import pytest

from blogs.models import BlogPost, Status
from blogsite.testing.model_server import Behaviour, Fault
from blogsite.testing.posts import DRAFTING, PLANNING, fresh, request_post
from blogsite.testing.workers import executor_at_work, lose_process
from generation.llm.paid_answers import PaidAnswers
from generation.models import Generation, State
from generation.queue import leases, losses, transitions
from generation.worker import executor, lease_keeper
from generation.worker.executor import write_due
from generation.worker.identity import release_the_dead
from generation.worker.shutdown import ask_to_stop

pytestmark = pytest.mark.django_db(transaction=True)


class Crash(BaseException):
    """The process is gone."""


@pytest.fixture(autouse=True)
def renewals_without_delay(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.GENERATION_CALL_DEADLINE = 10
    monkeypatch.setattr(lease_keeper, "SAVE_EVERY", 0.0)
    monkeypatch.setattr(executor, "TICK", 0.02)


# Five points of which it is unclear whether they are sentences.
UNCLEAR = (
    "bees follow the queen; wax keeps out the cold; workers share their food; drones leave the hive; a cluster of bees"
)


@pytest.fixture
def small(model_server: Any, settings: Any) -> Any:
    """The model server in the place of the embedded model, one call at a time."""
    settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL = ""
    settings.LOCAL_MODEL_URL = model_server.url
    settings.GENERATION_CONCURRENCY = 1
    return model_server


def crash_at_call(server: Any, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write until call `number` (from 0) is in flight and what came before is kept; then lose the process."""
    paid = itertools.count()

    def next_for(call: Any) -> Any:
        return Behaviour(fault=Fault.HANG) if next(paid) >= number else Behaviour(delay=0.05)

    renewed = leases.renew

    def renew(held: Any) -> Any:
        lost = renewed(held)
        kept = Generation.objects.get().steps or {"answers": {}}
        if len(kept["answers"]) >= number and len(server.calls) > number:
            raise Crash
        return lost

    with monkeypatch.context() as patch:
        patch.setattr(server.script, "next_for", next_for)
        patch.setattr(leases, "renew", renew)
        patch.setattr(executor, "release", lambda *_: None)
        with pytest.raises(Crash):
            write_due()
    server.wait_until(lambda calls: all(call.ended is not None for call in calls))
    lose_process()


def bodies(calls: list[Any]) -> Counter[str]:
    return Counter(json.dumps(call.body, sort_keys=True) for call in calls)


def test_after_a_crash_behind_the_plan_only_the_draft_is_requested(model_server, monkeypatch):
    post = request_post()
    crash_at_call(model_server, 1, monkeypatch)
    first = list(model_server.calls)

    write_due()

    post.refresh_from_db()
    generation = Generation.objects.get()
    assert (post.status, generation.attempts, generation.deaths) == (Status.COMPLETED, 2, 1)
    assert sorted(bodies(model_server.calls).values()) == [1, 2]  # the draft was in flight
    assert len(model_server.calls) == len(first) + 1
    assert generation.calls == 2
    assert generation.prompt_tokens > 0
    assert generation.steps is None


def test_after_a_crash_between_two_sections_a_long_post_goes_on_with_the_next(model_server, monkeypatch):
    post = request_post(length="long")
    crash_at_call(model_server, 2, monkeypatch)

    write_due()

    assert fresh(post).status == Status.COMPLETED
    assert list(bodies(model_server.calls).values()) == [1, 1, 2, 1]  # the second section was in flight
    assert Generation.objects.get().calls == 4


def test_after_a_crash_behind_some_points_the_small_profile_goes_on_with_the_rest(small, monkeypatch):
    post = request_post(notes=UNCLEAR)
    crash_at_call(small, 3, monkeypatch)
    paid = bodies([call for call in small.calls if not call.disconnected])
    in_flight = bodies([call for call in small.calls if call.disconnected])
    assert len(paid) == 3

    write_due()

    post.refresh_from_db()
    again = bodies(small.calls)
    assert post.status == Status.COMPLETED
    assert {body for body, times in again.items() if times > 1} <= in_flight.keys()
    assert all(again[body] == 1 for body in paid)
    assert Generation.objects.get().calls == len(again)


def test_an_attempt_that_fails_leaves_its_answers_and_its_bill(model_server):
    request_post()
    model_server.answer(Behaviour(status=503, when=DRAFTING))
    write_due()
    failed = Generation.objects.get()
    assert (failed.status, failed.calls) == (State.PENDING, 1)
    Generation.objects.update(not_before=None)

    write_due()

    whole = Generation.objects.get()
    assert (whole.status, whole.calls, len(model_server.calls)) == (State.COMPLETED, 2, 3)
    assert failed.prompt_tokens < whole.prompt_tokens
    assert max(bodies(model_server.calls).values()) == 2  # the draft that was refused


def test_a_stopping_worker_leaves_its_answers_to_the_next(model_server, settings):
    settings.GENERATION_GRACE = 0.1
    request_post()
    model_server.answer(Behaviour(fault=Fault.HANG, when=DRAFTING))
    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 2)
        ask_to_stop()

    write_due()

    assert Generation.objects.get().status == State.COMPLETED
    assert sorted(bodies(model_server.calls).values()) == [1, 2]


def test_another_brief_or_house_style_uses_no_answer_of_the_last(model_server, monkeypatch):
    request_post()
    crash_at_call(model_server, 1, monkeypatch)
    from generation.models import HouseStyle

    HouseStyle.objects.create(text="Plain words.")
    write_due()

    plans = [call for call in model_server.calls if PLANNING in call.said]
    assert ["Plain words." in plan.said for plan in plans] == [False, True]


def test_a_cancelled_generation_makes_no_further_call(model_server, settings):
    settings.GENERATION_RENEW_EVERY = 0.05
    post = request_post()
    model_server.answer(Behaviour(delay=30, when=PLANNING))
    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 1)
        transitions.cancel(BlogPost.objects.get(pk=post.pk))

    assert len(model_server.calls) == 1
    assert Generation.objects.get().steps is None


def test_answers_are_given_up_with_the_generation(model_server):
    request_post()
    model_server.answer(Behaviour(status=401, when=DRAFTING))

    write_due()

    generation = Generation.objects.get()
    assert (generation.status, generation.failure_code, generation.steps) == (State.FAILED, "provider_rejected", None)


@pytest.mark.parametrize("ending", ["cancelled", "superseded", "its workers died"])
def test_what_was_paid_is_on_the_bill_of_a_generation_that_ends_unwritten(model_server, monkeypatch, ending):
    post = BlogPost.objects.get(pk=request_post().pk)
    crash_at_call(model_server, 1, monkeypatch)
    paid = PaidAnswers.of(Generation.objects.get()).usage
    if ending == "cancelled":
        transitions.cancel(post)
    elif ending == "superseded":
        post.request_generation(requested_by=post.owner)
    else:
        Generation.objects.update(deaths=losses.DEATHS_MAX - 1)
        release_the_dead()

    ended = Generation.objects.earliest("id")

    assert ended.status in {State.CANCELLED, State.SUPERSEDED, State.FAILED}
    assert paid.calls == 1
    assert (ended.calls, ended.prompt_tokens, ended.completion_tokens) == (
        1,
        paid.prompt_tokens,
        paid.completion_tokens,
    )
    assert (ended.model, bool(ended.cost), "answers" in (ended.steps or {})) == ("gpt-4o-mini", True, False)
