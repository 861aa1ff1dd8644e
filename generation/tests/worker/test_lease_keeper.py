"""A lease that is lost ends the work under it; one that is over goes to another worker."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from blogs.models import BlogPost, Revision, Status
from blogsite.testing.model_server import Behaviour
from blogsite.testing.posts import DRAFTING, PLANNING, fresh, owner_of, request_post
from blogsite.testing.workers import NOBODY, database_locked, eventually, executor_at_work
from generation.models import Generation, State
from generation.queue.transitions import cancel
from generation.tests.baker_recipes import abandoned
from generation.worker.executor import write_due
from generation.worker.identity import host, worker_name

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_superseded_generation_stops_and_never_lands(model_server, settings):
    settings.GENERATION_RENEW_EVERY = 0.1
    post = request_post()
    model_server.answer(Behaviour(delay=30))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 1)
        fresh(post).rewrite(title="Rye", brief="rye flour; sour dough; a long rest", requested_by=owner_of(post))

    model_server.wait_until(lambda calls: calls[0].disconnected)
    assert list(Generation.objects.order_by("number").values_list("status", "landing")) == [
        (State.SUPERSEDED, ""),
        (State.COMPLETED, "landed"),
    ]
    assert fresh(post).revision == 1


@pytest.mark.parametrize("earlier_text", [True, False])
def test_a_cancelled_generation_stops_its_calls_and_falls_back(model_server, settings, earlier_text):
    settings.GENERATION_RENEW_EVERY = 0.1
    post = request_post()
    if earlier_text:
        post.edit(title="Mine", content="My own words.", author=owner_of(post))
    model_server.always(Behaviour(delay=30))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 1)
        assert cancel(fresh(post))

    post, generation = fresh(post), Generation.objects.get()
    model_server.wait_until(lambda calls: calls[0].disconnected)
    assert (generation.status, generation.failure_code) == (State.CANCELLED, "cancelled")
    if earlier_text:
        assert (post.status, post.failure, post.content) == (Status.COMPLETED, None, "My own words.")
    else:
        assert post.status == Status.FAILED
        assert post.failure is not None
        assert post.failure["code"] == "cancelled"


@pytest.mark.parametrize("end", ["cancelled", "superseded"])
def test_the_calls_of_an_ended_generation_are_on_its_bill_with_what_had_come_of_them(model_server, settings, end):
    settings.GENERATION_RENEW_EVERY = 0.1
    post = request_post()
    model_server.answer(Behaviour(when=DRAFTING, text="Bread needs time. " * 500, drip=0.0005))

    with executor_at_work():
        eventually(lambda: len(Generation.objects.get().content) > 100)
        if end == "cancelled":
            cancel(fresh(post))
        else:
            fresh(post).request_generation(requested_by=post.owner)

    plan, draft, *_ = model_server.calls
    generation = Generation.objects.earliest("pk")
    assert (generation.status, generation.calls, generation.steps) == (end, 2, None)
    assert generation.prompt_tokens > (len(plan.said) + len(draft.said)) / 4
    assert generation.completion_tokens > len(generation.content) / 4
    assert generation.cost is None  # nobody counted the second call


def test_a_queued_generation_is_cancelled_before_any_call(model_server):
    post = request_post()

    assert cancel(post)
    write_due()

    assert not model_server.calls
    assert not cancel(post)


def test_a_deleted_post_stops_its_calls(model_server, settings):
    settings.GENERATION_RENEW_EVERY = 0.1
    post = request_post()
    model_server.answer(Behaviour(delay=30))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 1)
        fresh(post).delete()

    model_server.wait_until(lambda calls: calls[0].disconnected)
    assert not BlogPost.objects.exists()
    assert not Revision.objects.exists()


def test_what_a_silent_host_left_is_written_by_another(model_server):
    generation = abandoned.make()

    write_due()

    generation.refresh_from_db()
    assert (generation.status, generation.attempts) == (State.COMPLETED, 2)
    assert (generation.deaths, generation.unreachable) == (0, 1)
    assert fresh(generation.post).status == Status.COMPLETED


def test_what_a_dead_process_of_this_host_left_is_written_by_another(model_server):
    generation = abandoned.make(worker=f"{host()}:1:{NOBODY}", lease_until=timezone.now() + timedelta(minutes=1))

    write_due()

    generation.refresh_from_db()
    assert (generation.status, generation.attempts) == (State.COMPLETED, 2)
    assert (generation.deaths, generation.unreachable) == (1, 0)


def test_what_a_process_never_learnt_that_it_leased_is_queued_again(model_server, settings):
    """The database answered a fetch with an error, but had carried it out."""
    settings.GENERATION_RENEW_EVERY = 0.1
    request_post()
    model_server.always(Behaviour(delay=30, when=PLANNING))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 1)
        stray = abandoned.make(worker=worker_name(), attempts=0)
        model_server.always(Behaviour())
        eventually(lambda: Generation.objects.get(pk=stray.pk).status == State.COMPLETED)
        cancel(BlogPost.objects.earliest("pk"))

    stray.refresh_from_db()
    assert (stray.attempts, stray.deaths) == (1, 0)


def test_a_live_lease_is_left_alone(model_server):
    generation = abandoned.make(lease_until=timezone.now() + timedelta(minutes=1))

    write_due()

    generation.refresh_from_db()
    assert (generation.status, generation.worker) == (State.IN_PROGRESS, "elsewhere:1")


def test_a_worker_that_lost_its_lease_writes_nothing(model_server, settings):
    settings.GENERATION_RENEW_EVERY = 30
    post = request_post()
    model_server.always(Behaviour(delay=1, when=DRAFTING))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 2)
        Generation.objects.update(token=abandoned.prepare().token, worker="another:2")

    assert fresh(post).content == ""
    assert Generation.objects.get().worker == "another:2"


def test_an_executor_whose_database_was_away_keeps_what_it_writes(model_server, settings):
    settings.GENERATION_LEASE = 0.5
    post = request_post()
    model_server.always(Behaviour(delay=0.5))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 1)
        with database_locked():
            time.sleep(1)  # longer than a lease

    generation = Generation.objects.get()
    assert fresh(post).status == Status.COMPLETED
    assert (generation.attempts, generation.deaths, generation.unreachable) == (1, 0, 0)
    assert len(model_server.calls) == generation.calls
