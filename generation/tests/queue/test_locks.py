"""Rows are locked in one order, a post's first, then its generations; rows that others hold are passed over."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from blogsite.testing.posts import changes_of
from generation.queue.fetch import fetch_due
from generation.queue.leases import renew
from generation.tests.baker_recipes import waiting

DEADLINE = 30  # seconds that a busy machine may take
by_rows = pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite locks no rows, but all of the database")


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
        claims = fetch_due(2, "one:1", "some provider")

    assert [claim.id for claim in claims] == [second.pk]


@by_rows
@pytest.mark.django_db(transaction=True)
def test_a_renewal_passes_over_a_generation_that_another_transaction_holds_and_its_lease_is_not_lost():
    first, second = waiting.make(), waiting.make(turn=1)
    claims = fetch_due(2, "one:1", "some provider")
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
    (claim,) = fetch_due(1, "one:1", "some provider")
    generation.post.refresh_from_db()
    claim.report_progress("write", 1, 2)

    with held_by_another(generation.post):
        assert renew([claim]) == []

    assert changes_of(generation.post) == {}
