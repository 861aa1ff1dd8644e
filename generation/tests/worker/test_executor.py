"""The drain against a real model server that misbehaves, and a real database."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ
from hypothesis import given
from hypothesis import strategies as st

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost, Revision, Status
from generation.failures import FailureCode
from generation.llm.providers import configured_provider
from generation.models import Generation, State
from generation.queue.claim import Claim
from generation.queue.transitions import backoff, cancel
from generation.tests.baker_recipes import abandoned, waiting
from generation.worker import shutdown
from generation.worker.database_thread import database
from generation.worker.executor import Executor, write_due

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def behaviour(model_server: Any) -> Callable[..., Any]:
    """Return a function that makes a behaviour of the model server."""
    return type(model_server.script.standing)


@contextmanager
def draining() -> Iterator[None]:
    """Let a worker drain in a thread meanwhile."""

    def work() -> None:
        try:
            write_due()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def ask(title: str = "Bread", notes: str = "flour and water; patience; a hot oven") -> BlogPost:
    owner = writer.make()
    post = BlogPost(owner=owner, title=title, brief=notes)
    post.submit(requested_by=owner)
    return post


def now(post: BlogPost) -> BlogPost:
    return BlogPost.objects.get(pk=post.pk)


def test_a_brief_becomes_a_revision_and_the_posts_text(model_server):
    post = ask()

    assert write_due() == 1

    post, generation, revision = now(post), Generation.objects.get(), Revision.objects.get()
    assert (post.status, post.revision, post.failure) == (Status.COMPLETED, 1, None)
    assert post.content.count("## ") >= 3
    assert (revision.number, revision.source, revision.content) == (1, Revision.Source.AI, post.content)
    assert (generation.status, generation.landing, generation.revision) == (State.COMPLETED, "landed", revision)
    assert post.brief == generation.brief == "flour and water; patience; a hot oven"


def test_a_generation_keeps_who_wrote_it_and_what_it_cost(model_server):
    ask()

    write_due()

    generation = Generation.objects.get()
    assert (generation.provider, generation.model, generation.attempts) == ("compatible", "gpt-4o-mini", 1)
    assert generation.calls == len(model_server.calls) > 0
    assert generation.prompt_tokens > 0
    assert generation.completion_tokens > 0
    assert generation.cost is not None
    assert generation.cost > 0
    assert generation.prompt_version
    assert generation.gate["failed"] == []


def test_posts_are_written_at_the_same_time(model_server, behaviour):
    for number in range(4):
        ask(f"Bread {number}")
    model_server.always(behaviour(delay=0.5))

    with draining():
        model_server.wait_until(lambda calls: model_server.in_flight == 4)

    assert set(BlogPost.objects.values_list("status", flat=True)) == {Status.COMPLETED}


def test_a_doubled_doorbell_writes_nothing_twice(model_server):
    ask()
    calls = []
    for _ in range(3):
        write_due()
        calls.append(len(model_server.calls))

    assert calls[0] == calls[2]
    assert Revision.objects.count() == 1


def test_a_post_shows_that_it_is_being_written(model_server, behaviour):
    post = ask()
    model_server.always(behaviour(delay=0.5))

    with draining():
        model_server.wait_until(lambda calls: len(calls) == 1)
        assert now(post).status == Status.IN_PROGRESS


def test_the_old_text_stays_until_the_new_one_lands(model_server, behaviour):
    post = ask()
    write_due()
    old = now(post).content
    model_server.always(behaviour(delay=0.3))
    now(post).rewrite(title="Rye", brief="rye flour; sour dough; a long rest", requested_by=post.owner)

    with draining():
        model_server.wait_until(lambda calls: model_server.in_flight == 1)
        assert now(post).content == old

    assert now(post).content != old
    assert list(post.revisions.values_list("number", "source")) == [(2, "ai"), (1, "ai")]


def test_a_persons_edit_during_a_generation_stays_and_the_text_becomes_a_proposal(model_server, behaviour):
    post = ask()
    model_server.always(behaviour(delay=0.3))

    with draining():
        model_server.wait_until(lambda calls: len(calls) == 1)
        now(post).edit(title="Mine", content="My own words.", author=post.owner)

    generation = Generation.objects.get()
    assert (now(post).title, now(post).content, now(post).status) == ("Mine", "My own words.", Status.COMPLETED)
    assert (generation.landing, generation.revision) == ("proposed", None)
    assert generation.content.count("## ") >= 3


def test_an_edit_before_the_claim_makes_a_proposal_too(model_server):
    post = ask()
    post.edit(title="Mine", content="My own words.", author=post.owner)

    write_due()

    assert now(post).content == "My own words."
    assert Generation.objects.get().landing == "proposed"


def test_a_superseded_generation_stops_and_never_lands(model_server, behaviour, settings):
    settings.GENERATION_RENEW_EVERY = 0.1
    post = ask()
    model_server.answer(behaviour(delay=30))

    with draining():
        model_server.wait_until(lambda calls: len(calls) == 1)
        now(post).rewrite(title="Rye", brief="rye flour; sour dough; a long rest", requested_by=post.owner)

    model_server.wait_until(lambda calls: calls[0].disconnected)
    assert list(Generation.objects.order_by("number").values_list("status", "landing")) == [
        (State.SUPERSEDED, ""),
        (State.COMPLETED, "landed"),
    ]
    assert now(post).revision == 1


@pytest.mark.parametrize("earlier_text", [True, False])
def test_a_cancelled_generation_stops_its_calls_and_falls_back(model_server, behaviour, settings, earlier_text):
    settings.GENERATION_RENEW_EVERY = 0.1
    post = ask()
    if earlier_text:
        post.edit(title="Mine", content="My own words.", author=post.owner)
    model_server.always(behaviour(delay=30))

    with draining():
        model_server.wait_until(lambda calls: len(calls) == 1)
        assert cancel(now(post))

    post, generation = now(post), Generation.objects.get()
    model_server.wait_until(lambda calls: calls[0].disconnected)
    assert (generation.status, generation.failure_code) == (State.CANCELLED, "cancelled")
    if earlier_text:
        assert (post.status, post.failure, post.content) == (Status.COMPLETED, None, "My own words.")
    else:
        assert post.status == Status.FAILED
        assert post.failure is not None
        assert post.failure["code"] == "cancelled"


def test_a_waiting_generation_is_cancelled_before_any_call(model_server):
    post = ask()

    assert cancel(post)
    write_due()

    assert not model_server.calls
    assert not cancel(post)


def test_a_deleted_post_stops_its_calls(model_server, behaviour, settings):
    settings.GENERATION_RENEW_EVERY = 0.1
    post = ask()
    model_server.answer(behaviour(delay=30))

    with draining():
        model_server.wait_until(lambda calls: len(calls) == 1)
        now(post).delete()

    model_server.wait_until(lambda calls: calls[0].disconnected)
    assert not BlogPost.objects.exists()
    assert not Revision.objects.exists()


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
def test_a_failure_that_no_retry_mends_ends_at_once_with_its_code(model_server, behaviour, broken, code):
    post = ask()
    model_server.always(behaviour(**broken))

    write_due()

    post, generation = now(post), Generation.objects.get()
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
def test_a_passing_failure_waits_and_is_tried_again(model_server, behaviour, broken, code):
    post = ask()
    model_server.answer(behaviour(**broken))

    write_due()

    generation = Generation.objects.get()
    assert (now(post).status, generation.status, generation.failure_code) == (Status.PENDING, State.PENDING, code)
    assert generation.not_before is not None
    assert generation.not_before > timezone.now()
    Generation.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    write_due()
    assert (now(post).status, now(post).failure) == (Status.COMPLETED, None)


def steps_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    lines = [record.getMessage() for record in caplog.records if record.name == "blogsite.generation"]
    return [line.split()[0].removeprefix("step=") for line in lines]


@given(attempts=st.integers(1, 50))
def test_waits_double_up_to_a_limit_and_are_spread(attempts):
    longest = min(4 * 2.0 ** (attempts - 1), 300)
    waits = {backoff(attempts) for _ in range(20)}

    assert len(waits) > 10
    assert all(longest / 2 <= wait <= longest * 1.5 for wait in waits)


def test_an_unavailable_server_may_name_the_moment_of_the_next_attempt(model_server, behaviour):
    ask()
    model_server.answer(behaviour(status=503, retry_after=1000))

    write_due()

    not_before = Generation.objects.get().not_before
    assert not_before is not None
    assert 990 < (not_before - timezone.now()).total_seconds() < 1000


def test_a_call_without_end_is_a_timeout(model_server, behaviour, settings):
    settings.GENERATION_CALL_DEADLINE = 0.3
    ask()
    model_server.always(behaviour(fault="hang"))

    write_due()

    assert Generation.objects.get().failure_code == "timeout"


def test_attempts_end_with_a_failure_that_says_so(model_server, behaviour, settings):
    settings.GENERATION_ATTEMPTS = 2
    post = ask()
    model_server.always(behaviour(status=500))

    for _ in range(2):
        Generation.objects.update(not_before=None)
        write_due()

    failure = now(post).failure
    assert failure is not None
    assert (failure["code"], failure["retryable"], failure["attempts"]) == ("provider_unavailable", True, 2)
    assert now(post).status == Status.FAILED


def test_a_failed_rewrite_leaves_the_old_text(model_server, behaviour):
    post = ask()
    write_due()
    old = now(post).content
    model_server.always(behaviour(status=401))

    now(post).request_generation()
    write_due()

    assert (now(post).status, now(post).content) == (Status.FAILED, old)


def test_what_a_dead_worker_left_is_written_by_another(model_server):
    generation = abandoned.make()

    write_due()

    generation.refresh_from_db()
    assert (generation.status, generation.attempts, generation.deaths) == (State.COMPLETED, 2, 1)
    assert now(generation.post).status == Status.COMPLETED


def test_a_brief_that_kills_its_workers_is_given_up(model_server):
    generation = abandoned.make(deaths=2, attempts=3)

    write_due()

    failure = now(generation.post).failure
    assert failure is not None
    assert (failure["code"], failure["attempts"]) == ("worker_lost", 3)
    assert not model_server.calls


def test_a_live_lease_is_left_alone(model_server):
    generation = abandoned.make(lease_until=timezone.now() + timedelta(minutes=1))

    write_due()

    generation.refresh_from_db()
    assert (generation.status, generation.worker) == (State.IN_PROGRESS, "elsewhere:1")


def test_a_worker_that_lost_its_lease_writes_nothing(model_server, behaviour, settings):
    settings.GENERATION_RENEW_EVERY = 30
    post = ask()
    model_server.always(behaviour(delay=0.3))

    with draining():
        model_server.wait_until(lambda calls: len(calls) == 1)
        Generation.objects.update(token=abandoned.prepare().token, worker="another:2")

    assert now(post).content == ""
    assert Generation.objects.get().worker == "another:2"


def test_a_stopping_worker_hands_back_what_it_cannot_finish(model_server, behaviour, settings):
    settings.GENERATION_GRACE = 0.2
    post = ask()
    model_server.always(behaviour(delay=30))

    try:
        with draining():
            model_server.wait_until(lambda calls: len(calls) == 1)
            shutdown.ask_to_stop()
    finally:
        shutdown._stopping.value = 0

    generation = Generation.objects.get()
    assert (generation.status, generation.attempts, generation.token) == (State.PENDING, 0, None)
    assert now(post).status == Status.PENDING


def test_a_stopping_worker_finishes_what_takes_less_than_the_grace_period(model_server, behaviour):
    post = ask()
    model_server.always(behaviour(delay=0.5))

    try:
        with draining():
            model_server.wait_until(lambda calls: len(calls) == 1)
            shutdown.ask_to_stop()
    finally:
        shutdown._stopping.value = 0

    assert now(post).status == Status.COMPLETED


def test_a_drain_at_the_end_of_its_window_rings_for_the_rest(model_server, settings):
    settings.GENERATION_WINDOW = -1
    waiting.make()

    assert write_due() == 0

    assert OrmQ.objects.count() == 1


def test_a_drain_with_its_hands_full_rings_for_another(model_server, settings):
    settings.GENERATION_CONCURRENCY = 2
    for _ in range(2):
        waiting.make()
    write_due()
    assert not OrmQ.objects.exists()  # nothing was left for another

    for _ in range(3):
        waiting.make()
    write_due()
    assert OrmQ.objects.count() == 1


def test_urgent_requests_go_before_bulk_ones(model_server, settings):
    settings.GENERATION_CONCURRENCY = 1
    bulk = waiting.make(urgent=False)
    urgent = waiting.make()

    write_due()

    started = Generation.objects.order_by("started_at").values_list("pk", flat=True)
    assert list(started) == [urgent.pk, bulk.pk]


def test_a_text_outlives_a_database_that_is_away_for_a_moment(model_server, behaviour):
    post = ask()
    model_server.always(behaviour(delay=0.3))
    with draining():
        model_server.wait_until(lambda calls: len(calls) == 1)
        interrupt_database()

    assert now(post).status == Status.COMPLETED
    assert Generation.objects.get().attempts == 1


def interrupt_database() -> None:
    """End all other connections to PostgreSQL; SQLite has none to end: hold its lock while a text is to land."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        else:
            cursor.execute("BEGIN IMMEDIATE")
            time.sleep(1)
            cursor.execute("ROLLBACK")


def test_progress_and_the_text_so_far_are_readable_while_it_is_written(model_server, behaviour, settings):
    settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL = ""
    settings.LOCAL_MODEL_URL = model_server.url
    post = ask()
    model_server.always(behaviour(delay=0.6))

    with draining():
        model_server.wait_until(lambda calls: sum(call.ended is not None for call in calls) >= 8)
        generation = Generation.objects.get()
        progress = now(post).progress

    assert (generation.status, generation.stage) == (State.IN_PROGRESS, "write")
    assert generation.content
    assert progress is not None
    assert 0 < progress["done"] < progress["total"]
    assert now(post).progress is None


def test_the_workers_log_names_the_request_that_asked(model_server, as_user, caplog):
    as_user(writer.make()).post("/api/v1/blogs", {"title": "Bread"}, headers={"X-Request-ID": "req-4711"})

    write_due()

    assert steps_in(caplog) == ["requested", "fetched", "landed"]
    assert {record.request_id for record in caplog.records if record.name == "blogsite.generation"} == {"req-4711"}


def test_the_log_tells_of_generations_that_people_end(caplog):
    post = ask()
    post.rewrite(title="Rye", brief="rye", requested_by=post.owner)
    cancel(post)

    assert steps_in(caplog) == ["requested", "superseded", "requested", "cancelled"]


def test_the_log_names_the_worker_that_lost_a_generation(model_server, caplog):
    abandoned.make(worker="elsewhere:7")

    write_due()

    assert steps_in(caplog) == ["fetched", "landed"]
    assert "lost_by=elsewhere:7" in caplog.text


def test_an_executor_whose_database_was_away_does_not_fetch_what_it_writes_itself(model_server, settings):
    generation = waiting.make()
    settings.GENERATION_RENEW_EVERY = 0.1

    async def fetch_twice() -> list[Claim]:
        at_work = Executor(configured_provider())
        (claim,) = await at_work.intake.next_claims()
        at_work.slots.start(claim, asyncio.sleep(30))
        await database(lambda: Generation.objects.update(lease_until=timezone.now() - timedelta(seconds=1)))
        await asyncio.sleep(0.2)  # the database is away: nobody renews the lease
        try:
            return [claim, *await at_work.intake.next_claims()]
        finally:
            await at_work.slots.cancel([claim])

    (claim,) = async_to_sync(fetch_twice)()

    generation.refresh_from_db()
    assert (generation.token, generation.attempts, generation.deaths) == (claim.token, 1, 0)
    assert Generation.objects.held().exists()


def test_what_failed_attempts_cost_is_part_of_the_bill(model_server, behaviour):
    ask()
    model_server.answer(behaviour(text="Not a plan."), times=1)
    model_server.answer(behaviour(), times=1)
    model_server.answer(behaviour(status=500), times=1)
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
