"""Rows are locked in one order, a post's first, then its generations; rows that others hold are passed over."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from blogs.models import BlogPost
from blogsite.testing.posts import changes_of, finished_text, owner_of
from generation.queue.fetch import fetch_due
from generation.queue.leases import renew
from generation.queue.locks import locked_one
from generation.queue.transitions import land
from generation.tests.baker_recipes import waiting

DEADLINE = 30  # seconds that a busy machine may take
by_rows = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks no rows, but all of the database")


@contextmanager
def held_by_another(row):
    """Hold a row in another connection's transaction."""
    held, release = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                type(row)._base_manager.select_for_update().get(pk=row.pk)
                held.set()
                release.wait(DEADLINE)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert held.wait(DEADLINE)
        yield
    finally:
        release.set()
        thread.join()


@by_rows
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("held", ["the generation", "its post"])
def test_a_fetch_passes_over_what_another_transaction_holds(held):
    first, second = waiting.make(), waiting.make(turn=1)

    with held_by_another(first if held == "the generation" else first.post):
        claims = fetch_due(2, "one:1")

    assert [claim.id for claim in claims] == [second.pk]


@by_rows
@pytest.mark.django_db(transaction=True)
def test_a_renewal_passes_over_a_generation_that_another_transaction_holds_and_its_lease_is_not_lost():
    first, second = waiting.make(), waiting.make(turn=1)
    claims = fetch_due(2, "one:1")
    for row in (first, second):
        row.refresh_from_db()

    with held_by_another(first):
        assert renew(claims) == []

    assert changes_of(first) == {}
    assert changes_of(second).keys() == {"lease_until"}


@by_rows
@pytest.mark.django_db(transaction=True)
def test_a_renewal_shows_no_progress_on_a_post_that_another_transaction_holds():
    generation = waiting.make()
    (claim,) = fetch_due(1, "one:1")
    generation.post.refresh_from_db()
    claim.report_progress("write", 1, 2)

    with held_by_another(generation.post):
        assert renew([claim]) == []

    assert changes_of(generation.post) == {}


@by_rows
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["the user", "many users"])
def test_a_user_is_deleted_while_a_text_lands_on_a_post_of_theirs(how):
    """The landing holds the post when the deletion begins, and adds a revision before it lets go."""
    (claim, owner) = fetched_of_new_owner()
    begun, outcome = threading.Event(), []

    def delete():
        try:
            begun.set()
            owner.delete() if how == "the user" else User.objects.filter(pk=owner.pk).delete()
            outcome.append("deleted")
        finally:
            connection.close()

    thread = threading.Thread(target=delete)
    with transaction.atomic():
        assert locked_one(claim)
        thread.start()
        begun.wait(DEADLINE)
        wait_until_somebody_waits_for_a_lock()
        assert land([finished_text(claim)]) == ["landed"]
    thread.join()

    assert outcome == ["deleted"]
    post = BlogPost.objects.get(pk=claim.post_id)
    assert (post.owner, post.content) == (None, "The text.")


def fetched_of_new_owner():
    owner = waiting.make().post.owner
    return fetch_due(1, "one:1")[0], owner


def wait_until_somebody_waits_for_a_lock():
    waiting_for_it = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    deadline = time.monotonic() + DEADLINE
    with connection.cursor() as cursor:
        while not cursor.execute(waiting_for_it).fetchone()[0]:
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.mark.django_db
def test_posts_are_locked_before_their_generations_when_their_owner_is_deleted():
    owner = owner_of(waiting.make().post)

    with CaptureQueriesContext(connection) as queries:
        owner.delete()

    statements = [query["sql"] for query in queries if "blogs_" in query["sql"] or "generation_" in query["sql"]]
    assert statements[0].startswith('SELECT "blogs_blogpost"."id"')
    assert "ORDER BY" in statements[0]
    assert ("FOR UPDATE" in statements[0]) == connection.features.has_select_for_update
