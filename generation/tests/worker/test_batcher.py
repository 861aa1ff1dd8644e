"""Texts that are finished together are recorded together; one that cannot be recorded takes no other with it."""

import asyncio

import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from blogsite.testing.posts import finished_text
from generation.costs import Usage
from generation.queue import fetch
from generation.tests.baker_recipes import waiting
from generation.worker.batcher import TOGETHER, LandingBatcher

# As in production: outside of any transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def land_all(*calls):
    """Land as many texts at once as there are `calls`, which were made for them; return the outcome of each."""
    for _ in calls:
        waiting.make()
    claims = fetch.fetch_due(len(calls), "worker:1", "provider")

    async def at_once():
        batcher = LandingBatcher()
        texts = [finished_text(claim, usage=Usage(calls=number)) for claim, number in zip(claims, calls, strict=True)]
        return await asyncio.gather(*map(batcher.land, texts), return_exceptions=True)

    return async_to_sync(at_once)()


def test_texts_that_wait_for_the_first_share_a_transaction():
    with CaptureQueriesContext(connection) as queries:
        landed = land_all(*[1] * (1 + TOGETHER))

    # The claim's, the first text's, and that of those which waited for it.
    assert landed == ["landed"] * (1 + TOGETHER)
    assert len([query for query in queries if query["sql"].startswith("BEGIN")]) == 3


def test_a_text_that_cannot_be_recorded_takes_no_other_with_it():
    landed = land_all(1, 1, -1, 1)

    assert isinstance(landed[2], IntegrityError)
    assert landed[:2] + landed[3:] == ["landed"] * 3


def test_posts_are_locked_before_their_generations_when_their_owner_is_deleted():
    owner = waiting.make().post.owner

    with CaptureQueriesContext(connection) as queries:
        owner.delete()

    statements = [query["sql"] for query in queries]
    first_change = next(i for i, statement in enumerate(statements) if statement.startswith(("DELETE", "UPDATE")))
    before = statements[first_change - 1]
    assert before.startswith('SELECT "blogs_blogpost"."id"')
    assert "ORDER BY" in before
    assert ("FOR UPDATE" in before) == connection.features.has_select_for_update
