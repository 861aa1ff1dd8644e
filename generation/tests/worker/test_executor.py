"""The executor against a real model server and a real database: from a due generation to a text that landed."""

import time

import pytest
from django.db import connection

from blogs.models import BlogPost, Progress, Revision, Status
from blogsite.testing.model_server import Behaviour, Fault
from blogsite.testing.posts import DRAFTING, NOTES, PLANNING, fresh, owner_of, request_post
from blogsite.testing.workers import eventually, executor_at_work
from generation.models import Generation, State
from generation.queue.transitions import cancel
from generation.worker.executor import write_due

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_brief_becomes_a_revision_and_the_posts_text(model_server):
    post = request_post()

    assert write_due() == 1

    post, generation, revision = fresh(post), Generation.objects.get(), Revision.objects.get()
    assert (post.status, post.revision, post.failure) == (Status.COMPLETED, 1, None)
    assert post.content.count("## ") >= 3
    assert (revision.number, revision.source, revision.content) == (1, Revision.Source.AI, post.content)
    assert (generation.status, generation.landing, generation.revision) == (State.COMPLETED, "landed", revision)
    assert post.brief == generation.brief == NOTES


def test_a_generation_keeps_who_wrote_it_and_what_it_cost(model_server):
    request_post()

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


def test_posts_are_written_at_the_same_time(model_server):
    for number in range(4):
        request_post(f"Bread {number}")
    model_server.always(Behaviour(delay=1, when=PLANNING))

    with executor_at_work():
        model_server.wait_until(lambda calls: model_server.in_flight == 4)

    assert set(BlogPost.objects.values_list("status", flat=True)) == {Status.COMPLETED}


def test_a_doubled_wake_up_writes_nothing_twice(model_server):
    request_post()
    calls = []
    for _ in range(3):
        write_due()
        calls.append(len(model_server.calls))

    assert calls[0] == calls[2]
    assert Revision.objects.count() == 1


def test_a_post_shows_that_it_is_being_written(model_server, settings):
    settings.GENERATION_RENEW_EVERY = 0.1
    post = request_post()
    model_server.always(Behaviour(fault=Fault.HANG))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 1)
        shown = fresh(post).status
        cancel(fresh(post))

    assert shown == Status.IN_PROGRESS


def test_the_old_text_stays_until_the_new_one_lands(model_server):
    post = request_post()
    write_due()
    old = fresh(post).content
    model_server.always(Behaviour(delay=1, when=DRAFTING))
    fresh(post).rewrite(title="Rye", brief="rye flour; sour dough; a long rest", requested_by=owner_of(post))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 4)
        meanwhile = fresh(post).content

    assert fresh(post).content != old == meanwhile
    assert list(post.revisions.values_list("number", "source")) == [(2, "ai"), (1, "ai")]


def test_a_persons_edit_during_a_generation_stays_and_the_text_becomes_a_proposal(model_server):
    post = request_post()
    model_server.always(Behaviour(delay=1, when=DRAFTING))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 2)
        fresh(post).edit(title="Mine", content="My own words.", author=owner_of(post))

    generation = Generation.objects.get()
    assert (fresh(post).title, fresh(post).content, fresh(post).status) == ("Mine", "My own words.", Status.COMPLETED)
    assert (generation.landing, generation.revision) == ("proposed", None)
    assert generation.content.count("## ") >= 3


def test_an_edit_before_the_fetch_makes_a_proposal_too(model_server):
    post = request_post()
    post.edit(title="Mine", content="My own words.", author=owner_of(post))

    write_due()

    assert fresh(post).content == "My own words."
    assert Generation.objects.get().landing == "proposed"


def test_a_text_outlives_a_database_that_is_away_for_a_moment(model_server):
    post = request_post()
    model_server.always(Behaviour(delay=0.3))
    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 1)
        interrupt_database()

    assert fresh(post).status == Status.COMPLETED
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


def test_progress_and_the_text_so_far_are_readable_while_it_is_written(model_server, settings):
    settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL = ""
    settings.LOCAL_MODEL_URL = model_server.url
    settings.GENERATION_RENEW_EVERY = 0.1
    post = request_post(notes="; ".join(f"bees of hive {letter} follow the queen" for letter in "abcdefghijkl"))
    model_server.answer(Behaviour(), times=8)
    model_server.always(Behaviour(fault=Fault.HANG))

    def progress() -> Progress:
        shown: Progress | None = fresh(post).progress
        return shown or {"stage": "", "done": 0, "total": 0}

    with executor_at_work():
        eventually(lambda: progress()["stage"] == "write" and progress()["done"])
        generation, seen = Generation.objects.get(), progress()
        cancel(fresh(post))

    assert (generation.status, generation.stage) == (State.IN_PROGRESS, "write")
    assert generation.content
    assert 0 < seen["done"] < seen["total"]
    assert fresh(post).progress is None
