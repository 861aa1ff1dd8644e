"""From a request to a row and a wake-up, in one transaction."""

import contextlib

import pytest
from django.db import IntegrityError, transaction
from django_q.models import OrmQ

from blogs.models import BlogPost
from blogs.signals import generation_requested
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.posts import NOTES, owner_of, request_post
from generation.models import Generation, State
from generation.tests.baker_recipes import waiting

pytestmark = pytest.mark.django_db


def test_a_request_that_is_rolled_back_leaves_neither_row_nor_task():
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        request_post()
        raise ZeroDivisionError

    assert not BlogPost.objects.exists()
    assert not Generation.objects.exists()
    assert not OrmQ.objects.exists()


def test_a_request_whose_queue_breaks_is_not_acknowledged():
    def break_down(**kwargs):
        raise RuntimeError("the queue is gone")

    generation_requested.connect(break_down)
    try:
        with pytest.raises(RuntimeError):
            request_post()
    finally:
        generation_requested.disconnect(break_down)

    assert not BlogPost.objects.exists()
    assert not Generation.objects.exists()


def test_one_wake_up_in_the_queue_is_enough_for_all():
    request_post()
    request_post()

    assert OrmQ.objects.get().task["args"] == (Generation.objects.earliest("id").pk,)


def test_a_generation_remembers_its_brief_and_the_revision_it_starts_from():
    post = finished_post.make(revision=4)

    post.rewrite(title="New", brief="rye", requested_by=owner_of(post))

    generation = post.generations.get()
    assert (generation.number, generation.brief_title, generation.brief) == (1, "New", "rye")
    assert (generation.base_revision, generation.requested_by) == (4, post.owner)


def test_a_newer_request_supersedes_the_unfinished_one():
    older = waiting.make()

    older.post.rewrite(title="New", brief="rye", requested_by=owner_of(older.post))

    newer = older.post.generations.get(number=2)
    older.refresh_from_db()
    assert (older.status, newer.status, newer.brief) == (State.SUPERSEDED, State.PENDING, "rye")
    assert older.brief == NOTES


def test_the_database_refuses_two_unfinished_generations_of_a_post():
    older = waiting.make()

    with pytest.raises(IntegrityError):
        waiting.make(post=older.post, number=2)
