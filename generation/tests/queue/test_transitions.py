"""Each transition changes one generation and its post, in whole rows, and only for the worker that holds the lease."""

from collections.abc import Callable
from dataclasses import astuple, replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from blogs.models import Revision, Status
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.posts import NOW, bill, changes_of, fresh, owner_of, rows_of_others
from generation.failures import FailureCode
from generation.models import Generation, ProviderPause, State
from generation.queue import transitions
from generation.queue.claim import Claim
from generation.queue.fetch import fetch_due
from generation.queue.rate_limits import pause
from generation.tests.baker_recipes import waiting, written
from generation.tests.queue.veterans import (
    ANOTHER_PROVIDER,
    BILLED,
    PROVIDER,
    RECORDED,
    SAVED,
    SETTLED,
    SPENT,
    VETERAN,
    failure,
    fetched,
    make_others,
    shown,
    text_for,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)

TRANSITIONS: dict[str, Callable[[Claim], Any]] = {
    "land": lambda claim: transitions.land([text_for(claim)]),
    "reject": lambda claim: transitions.reject(text_for(claim), failure()),
    "fail": lambda claim: transitions.fail(claim, failure(), bill(SPENT)),
    "be refused": lambda claim: transitions.fail(claim, failure(FailureCode.RATE_LIMITED), bill(SPENT)),
    "be handed back": lambda claim: transitions.hand_back(claim),
}


@pytest.mark.parametrize("transition", TRANSITIONS)
def test_without_its_lease_a_generation_cannot(transition):
    make_others()
    claim, _ = fetched()
    Generation.objects.filter(pk=claim.id).update(lease_until=timezone.now() - MINUTE)
    (winner,) = fetch_due(1, "three:3")
    rows, pauses = rows_of_others(), list(ProviderPause.objects.values())

    assert winner.id == claim.id
    assert TRANSITIONS[transition](claim) in (None, [None])

    assert rows_of_others() == rows
    assert list(ProviderPause.objects.values()) == pauses


def test_a_text_lands_on_its_post():
    make_others()
    claim, generation = fetched()
    others = rows_of_others(generation.post)

    assert transitions.land([text_for(claim)]) == ["landed"]

    revision = generation.post.revisions.get()
    assert changes_of(generation) == BILLED | RECORDED | {
        "status": State.COMPLETED,
        "token": None,
        "lease_until": None,
        "finished_at": NOW,
        "landing": "landed",
        "revision_id": revision.pk,
        "failure_code": "",
        "failure_message": "",
        "steps": None,
    }
    post = fresh(generation.post)
    assert (post.status, post.progress, post.title, post.content) == (Status.COMPLETED, None, "Rye", "The text.")
    assert (revision.source, revision.number, post.revision) == (Revision.Source.AI, 1, 1)
    assert rows_of_others(generation.post) == others


def test_a_text_for_a_post_that_a_person_changed_is_a_proposal():
    make_others()
    claim, generation = fetched()
    post = fresh(generation.post)
    post.edit(title="Mine", content="By hand.", author=owner_of(post))

    assert transitions.land([text_for(claim)]) == ["proposed"]

    changes = changes_of(generation)
    assert (changes["status"], changes["landing"], changes["content"]) == (State.COMPLETED, "proposed", "The text.")
    assert "revision_id" not in changes
    post.refresh_from_db()
    assert (post.status, post.title, post.content) == (Status.COMPLETED, "Mine", "By hand.")
    assert post.revisions.count() == 1


def test_of_texts_that_land_together_each_is_its_own_posts():
    make_others()
    (one, first), (two, second), (lost, third) = fetched(), fetched("four:4"), fetched()
    transitions.cancel(third.post)
    others = rows_of_others(first.post, second.post)

    texts = [replace(text_for(claim), title=claim.worker) for claim in (two, lost, one)]
    assert transitions.land(texts) == ["landed", None, "landed"]

    assert [fresh(row.post).title for row in (first, second)] == ["one:1", "four:4"]
    assert rows_of_others(first.post, second.post) == others


@pytest.mark.parametrize(("lands", "refusals"), [(True, [0, 1]), (False, [1, 1])])
def test_what_lands_ends_the_refusals_of_its_own_provider(lands, refusals):
    claim, generation = fetched()
    for provider in (PROVIDER, ANOTHER_PROVIDER):
        pause(provider, 1)
    ProviderPause.objects.update(until=timezone.now() - MINUTE)
    if not lands:
        transitions.cancel(generation.post)

    transitions.land([text_for(claim)])

    assert list(ProviderPause.objects.order_by("pk").values_list("refusals", flat=True)) == refusals


def test_a_cancelled_generation_ends_with_all_that_it_cost(caplog, django_capture_on_commit_callbacks):
    make_others()
    claim, generation = fetched()
    Generation.objects.filter(pk=generation.pk).update(not_before=timezone.now())
    others = rows_of_others(generation.post)

    with django_capture_on_commit_callbacks(execute=True):
        assert transitions.cancel(fresh(generation.post))

    assert changes_of(generation) == SETTLED | {
        "status": State.CANCELLED,
        "token": None,
        "lease_until": None,
        "finished_at": NOW,
        "failure_code": "cancelled",
        "failure_message": FailureCode.CANCELLED.summary,
        "steps": {"token": str(claim.token), "usage": list(astuple(SAVED))},  # its worker may add more
    }
    assert changes_of(generation.post) == {
        "status": Status.FAILED,
        "failure": shown(FailureCode.CANCELLED, attempts=1),
        "progress": None,
        "version": generation.post.version + 1,
        "updated_at": NOW,
    }
    assert rows_of_others(generation.post) == others
    assert f"step=cancelled post={generation.post_id}" in caplog.text


def test_a_post_whose_generation_is_cancelled_falls_back_to_the_text_that_it_has_by_now():
    as_it_was = waiting.make().post
    fresh(as_it_was).edit(title="Mine", content="By hand.", author=owner_of(as_it_was))

    assert transitions.cancel(as_it_was)

    post = fresh(as_it_was)
    assert (post.status, post.failure, post.content) == (Status.COMPLETED, None, "By hand.")


@pytest.mark.parametrize("history", [0, 1])
def test_without_an_unfinished_generation_there_is_nothing_to_cancel(history):
    make_others()
    post = finished_post.make()
    for _ in range(history):
        written.make(post=post)
    rows = rows_of_others()

    assert not transitions.cancel(fresh(post))

    assert rows_of_others() == rows


def test_a_superseded_generation_keeps_why_it_failed_before(caplog, django_capture_on_commit_callbacks):
    make_others()
    generation = waiting.make(**VETERAN, not_before=timezone.now() + MINUTE)
    others = rows_of_others(generation.post)

    with django_capture_on_commit_callbacks(execute=True):
        transitions.supersede(generation.post)

    generation.failure_code = "timeout"
    assert changes_of(generation) == SETTLED | {
        "status": State.SUPERSEDED,
        "not_before": None,
        "finished_at": NOW,
        "steps": None,
    }
    assert changes_of(generation.post) == {}  # the request that supersedes it changes the post
    assert rows_of_others(generation.post) == others
    assert f"step=superseded post={generation.post_id}" in caplog.text


def test_what_is_superseded_while_it_is_written_is_no_longer_leased():
    claim, generation = fetched()

    transitions.supersede(generation.post)

    changes = changes_of(generation)
    assert (changes["token"], changes["lease_until"]) == (None, None)
    assert transitions.land([text_for(claim)]) == [None]


def test_an_ended_generation_is_not_superseded():
    make_others()
    post = written.make().post
    rows = rows_of_others()

    transitions.supersede(post)

    assert rows_of_others() == rows


def test_what_is_handed_back_waits_again_with_its_attempt_and_its_answers():
    make_others()
    claim, generation = fetched()
    others = rows_of_others(generation.post)
    claim.paid_answers.seed = 8

    transitions.hand_back(claim)

    assert changes_of(generation) == {
        "status": State.PENDING,
        "token": None,
        "lease_until": None,
        "attempts": 0,
        "steps": {"seed": 8, "answers": {"a request's hash": ["A plan.", []]}, "usage": list(astuple(SAVED))},
    }
    assert changes_of(generation.post) == {
        "status": Status.PENDING,
        "progress": {"stage": "wait", "done": 0, "total": 0},
        "version": generation.post.version + 1,
        "updated_at": fresh(generation.post).updated_at,
    }
    assert rows_of_others(generation.post) == others
