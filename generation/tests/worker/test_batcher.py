"""Texts that are finished together are recorded together; one that cannot be recorded takes no other with it."""

import asyncio
from contextlib import ExitStack

import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from blogs.models import BlogPost
from blogsite.testing.posts import finished_text, owner_of
from generation.costs import Usage
from generation.models import Generation
from generation.queue import fetch, transitions
from generation.tests.baker_recipes import waiting
from generation.tests.queue.test_locks import by_rows, held_by_another
from generation.worker.batcher import TOGETHER, LandingBatcher

DEADLINE = 30  # seconds that a busy machine may take; a caller that waits for ever would stop the tests

# As in production: outside of any transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def fetched(quantity):
    for turn in range(quantity):
        waiting.make(turn=turn)
    return fetch.fetch_due(quantity, "worker:1")


def land_at_once(texts):
    """Return the outcome of each text."""

    async def at_once():
        batcher = LandingBatcher()
        async with asyncio.timeout(DEADLINE):
            return await asyncio.gather(*map(batcher.land, texts), return_exceptions=True)

    return async_to_sync(at_once)()


def land_all(*calls):
    """Land as many texts at once as there are `calls`, which were made for them; return the outcome of each."""
    claims = fetched(len(calls))
    return land_at_once([finished_text(claim, usage=Usage(calls=n)) for claim, n in zip(claims, calls, strict=True)])


def test_texts_that_wait_for_the_first_share_a_transaction():
    with CaptureQueriesContext(connection) as queries:
        landed = land_all(*[1] * (1 + TOGETHER))

    # The claim's, the first text's, and that of those which waited for it.
    assert landed == ["landed"] * (1 + TOGETHER)
    assert len([query for query in queries if query["sql"].startswith("BEGIN")]) == 3


def test_each_caller_gets_the_outcome_of_its_own_text():
    first, changed, cancelled, last = claims = fetched(4)
    post = BlogPost.objects.get(pk=changed.post_id)
    post.edit(title="Mine", content="By hand.", author=owner_of(post))
    transitions.cancel(BlogPost.objects.get(pk=cancelled.post_id))

    landed = land_at_once([finished_text(claim, content=f"The text for {claim.id}.") for claim in claims])

    assert landed == ["landed", "proposed", None, "landed"]
    for claim in (first, last):
        assert BlogPost.objects.get(pk=claim.post_id).content == f"The text for {claim.id}."


def test_what_comes_after_a_batch_lands_too():
    texts = [finished_text(claim) for claim in fetched(2)]

    async def one_by_one():
        batcher = LandingBatcher()
        async with asyncio.timeout(DEADLINE):
            return [await batcher.land(text) for text in texts]

    assert async_to_sync(one_by_one)() == ["landed", "landed"]


def test_a_caller_that_goes_away_keeps_no_other_waiting():
    first, second = [finished_text(claim) for claim in fetched(2)]

    async def one_goes_away():
        batcher = LandingBatcher()
        async with asyncio.timeout(DEADLINE):
            leaving, staying = (asyncio.create_task(batcher.land(text)) for text in (first, second))
            await asyncio.sleep(0)
            leaving.cancel()
            return await asyncio.gather(leaving, staying, return_exceptions=True)

    gone, landed = async_to_sync(one_goes_away)()

    assert isinstance(gone, asyncio.CancelledError)
    assert landed == "landed"


@by_rows
@pytest.mark.parametrize("held", ["the generation", "its post"])
def test_a_text_whose_rows_somebody_holds_keeps_no_other_waiting_and_lands_afterwards(held):
    claims = fetched(2)
    generation = Generation.objects.get(pk=claims[0].id)

    async def both():
        batcher = LandingBatcher()
        async with asyncio.timeout(DEADLINE):
            waiting_for_it, other = (asyncio.create_task(batcher.land(finished_text(claim))) for claim in claims)
            landed = await other
            still_waits = not waiting_for_it.done()
            holder.close()
            return landed, still_waits, await waiting_for_it

    with ExitStack() as holder:
        holder.enter_context(held_by_another(generation if held == "the generation" else generation.post))
        outcomes = async_to_sync(both)()

    assert outcomes == ("landed", True, "landed")


def test_a_text_that_cannot_be_recorded_takes_no_other_with_it():
    landed = land_all(1, 1, -1, 1)

    assert isinstance(landed[2], IntegrityError)
    assert landed[:2] + landed[3:] == ["landed"] * 3
