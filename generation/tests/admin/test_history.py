"""Generations in the history of their post."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from blogs.models import BlogPost, Revision
from blogs.tests.baker_recipes import finished_post
from generation.admin.history import ANSWERED_BY, OUTSIDE, WITHIN
from generation.models import Generation, State
from generation.tests.baker_recipes import waiting, written
from generation.writer.checks.findings import Finding, FindingName

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> BlogPost:
    """A post with a revision and a proposal."""
    post: BlogPost = finished_post.make(revision=0)
    post.add_revision("Bread", "Rye and water.", source=Revision.Source.AI)
    written.make(post=post, owner=post.owner, landing=Generation.Landing.PROPOSED)
    return post


def history(post: BlogPost) -> str:
    return reverse("admin:blogs_blogpost_history", args=[post.pk])


def generations(client, post: BlogPost) -> str:
    """Return the part of the history page that is the table of generations."""
    return str(client.get(history(post)).content.decode().partition('id="generations"')[2])


def test_a_revision_shows_what_it_was_written_with(editor_client, post):
    written.make(post=post, owner=post.owner, number=2, revision=post.revisions.get())

    revisions = editor_client.get(history(post)).content.decode().partition('id="generations"')[0]

    for fact in ("2,400 / 1,600", "$0.0013", "gpt-4o-mini"):
        assert fact in revisions


def test_a_completed_generation_shows_what_it_took_and_which_measures_are_not_sane(editor_client, post):
    now = timezone.now()
    gate = {"words": 1_700, "meta": 2, "failed": ["words", "meta"]}
    account: dict[str, Any] = {"provenance": {"seconds": {"plan": 3.04, "write": 26.5}}, "stage": "check"}
    times: dict[str, Any] = {
        "created_at": now - timedelta(seconds=35),
        "started_at": now - timedelta(seconds=30),
        "finished_at": now,
    }
    written.make(post=post, owner=post.owner, number=2, gate=gate, revision=post.revisions.get(), **account, **times)

    html = generations(editor_client, post)

    assert OUTSIDE in html
    for fact in ("2,400 / 1,600", "$0.0013", "gpt-4o-mini", ">30 s<", "queued 5.0 s", "words: 1700", "meta: 2"):
        assert fact in html
    assert "plan 3.0 s, write 26 s" in html
    assert "Landed as revision 1" in html
    assert "Stopped at" not in html


def test_a_generation_shows_its_warnings_beside_its_sanity(editor_client, post):
    opposite = Finding(FindingName.CONTRADICTION, "Bake it <cold>.", note="a hot oven")
    Generation.objects.update(warnings=[opposite.as_json()], gate={"words": 300, "failed": []})

    html = generations(editor_client, post)

    assert "1 warning<" in html
    assert WITHIN in html
    assert FindingName.CONTRADICTION.summary in html
    assert "<q>Bake it &lt;cold&gt;.</q>" in html
    assert "<q>a hot oven</q>" in html


def test_a_generation_shows_who_answered_and_that_its_cost_is_not_known(editor_client, post):
    Generation.objects.update(cost=None, provenance={"answered_by": ["qwen2.5"]})

    html = generations(editor_client, post)

    assert ANSWERED_BY.format(model="gpt-4o-mini", others="qwen2.5") in html
    assert ">unknown<" in html


def test_a_failed_generation_shows_why_and_how_far_it_came(editor_client, post):
    failed: dict[str, Any] = {"status": State.FAILED, "failure_code": "timeout", "failure_message": "It took too long."}
    failed |= {"stage": "write", "done": 2, "total": 5, "attempts": 6, "finished_at": timezone.now()}
    Generation.objects.all().delete()
    waiting.make(post=post, owner=post.owner, number=3, **failed)

    html = generations(editor_client, post)

    assert '<td data-label="Checks">-</td>' in html
    for fact in ("<code>timeout</code> It took too long.", "Stopped at write 2/5", "6 attempts"):
        assert fact in html


def test_the_history_costs_the_same_for_many_generations(editor_client, post):
    editor_client.get(history(post))
    with CaptureQueriesContext(connection) as few:
        editor_client.get(history(post))
    for number in range(2, 20):
        written.make(post=post, owner=post.owner, number=number, requested_by=post.owner)
    with CaptureQueriesContext(connection) as many:
        editor_client.get(history(post))

    assert len(few) == len(many)
    assert not [query for query in many if '"generation_generation"."content"' in query["sql"]]


def test_a_generation_that_was_taken_over_from_a_silent_host_says_so(editor_client, post):
    sentence = "Taken over from a silent host"
    assert sentence not in generations(editor_client, post)

    post.generations.update(unreachable=1)

    assert sentence in generations(editor_client, post)
