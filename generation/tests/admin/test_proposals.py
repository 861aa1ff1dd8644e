"""Generations and proposals in the admin's history of a post."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost, Revision
from blogs.tests.baker_recipes import finished_post
from generation.models import Generation, State
from generation.reporting.formatting import dollars
from generation.tests.baker_recipes import waiting, written

pytestmark = pytest.mark.django_db
GONE = "There is no such proposal, or somebody has decided on it."


@pytest.fixture
def proposal() -> Generation:
    """A proposal beside a post whose owner wrote its second text."""
    post = finished_post.make(revision=0)
    post.publish("Bread", "Rye and water.", source=Revision.Source.AI)
    post.publish("Bread", "Rye and much water.", source=Revision.Source.HUMAN, author=post.owner)
    proposed: dict[str, Any] = {"landing": Generation.Landing.PROPOSED, "base_revision": 1}
    generation: Generation = written.make(
        post=post, owner=post.owner, title="Loaves", content="Rye and *some* water.", **proposed
    )
    return generation


def page(proposal: Generation) -> str:
    return reverse("admin:generation_proposal", args=[proposal.post_id, proposal.number])


def history(post: BlogPost) -> str:
    return reverse("admin:blogs_blogpost_history", args=[post.pk])


def decide(client: Client, proposal: Generation, **form: object) -> str:
    return client.post(page(proposal), form, follow=True).content.decode()


def test_a_proposal_is_compared_with_the_live_text(editor_client, proposal):
    html = editor_client.get(page(proposal)).content.decode()

    assert "<del>Bread</del><ins>Loaves</ins>" in html
    assert "Rye and <del>much</del><ins>*some*</ins> water." in html
    assert "<p>Rye and <em>some</em> water.</p>" in html


def test_the_posts_page_and_its_history_lead_to_the_proposal(editor_client, proposal):
    change = editor_client.get(reverse("admin:blogs_blogpost_change", args=[proposal.post_id])).content.decode()

    assert page(proposal) in change
    assert page(proposal) in editor_client.get(history(proposal.post)).content.decode()


def test_an_accepted_proposal_becomes_the_live_text(editor_client, proposal):
    html = decide(editor_client, proposal, decision="accept", seen=2)

    proposal.refresh_from_db()
    assert "Proposal 1 is the live text now, as revision 3." in html
    assert "Accepted proposal 1." in html
    assert (proposal.post.title, proposal.post.content) == ("Loaves", "Rye and *some* water.")
    assert (proposal.landing, str(proposal.revision)) == (Generation.Landing.ACCEPTED, "revision 3")


def test_a_discarded_proposal_changes_no_text(editor_client, proposal):
    html = decide(editor_client, proposal, decision="discard", seen=0)

    proposal.refresh_from_db()
    assert "Proposal 1 was discarded" in html
    assert (proposal.landing, proposal.post.revision) == (Generation.Landing.DISCARDED, 2)


def test_a_text_that_went_live_meanwhile_is_shown_before_it_is_replaced(editor_client, proposal):
    proposal.post.edit(title="Bread", content="Rye and no water.", author=proposal.owner)

    html = decide(editor_client, proposal, decision="accept", seen=2)

    proposal.refresh_from_db()
    assert "A newer text went live meanwhile (revision 3). Nothing was changed: look at it first." in html
    assert "Rye and <del>no</del><ins>*some*</ins> water." in html
    assert (proposal.landing, proposal.post.revision) == (Generation.Landing.PROPOSED, 3)


@pytest.mark.parametrize("form", [{}, {"decision": "burn", "seen": 2}, {"decision": "accept", "seen": "x"}])
def test_no_decision_is_made_without_one(editor_client, proposal, form):
    assert "Choose to accept or to discard. Nothing was changed." in decide(editor_client, proposal, **form)

    proposal.refresh_from_db()
    assert proposal.landing == Generation.Landing.PROPOSED


def test_a_proposal_is_decided_on_once(editor_client, proposal):
    decide(editor_client, proposal, decision="discard", seen=2)

    assert GONE in decide(editor_client, proposal, decision="accept", seen=2)
    assert GONE in editor_client.get(page(proposal), follow=True).content.decode()


@pytest.mark.parametrize("number", [9, 10**30])
def test_a_proposal_that_is_not_there_is_refused(editor_client, proposal, number):
    address = page(proposal).replace("/proposals/1/", f"/proposals/{number}/")

    assert GONE in editor_client.get(address, follow=True).content.decode()
    assert GONE in editor_client.post(address, {"decision": "accept", "seen": 2}, follow=True).content.decode()


def test_whoever_may_only_look_cannot_decide(proposal):
    user = writer.make(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_blogpost"))
    BlogPost.objects.update(owner=user)
    client = Client()
    client.force_login(user)

    assert "Accept</button>" not in client.get(page(proposal)).content.decode()
    assert client.post(page(proposal), {"decision": "accept", "seen": 2}).status_code == 403


def test_the_history_tells_what_each_generation_took_and_what_the_gate_said(editor_client, proposal):
    post = proposal.post
    gate = {"words": 1_700, "meta": 2, "failed": ["words", "meta"]}
    account: dict[str, Any] = {"provenance": {"seconds": {"plan": 3.04, "write": 26.5}}}
    written.make(post=post, owner=post.owner, number=2, gate=gate, revision=post.revisions.get(number=2), **account)
    failed: dict[str, Any] = {"status": State.FAILED, "failure_code": "timeout", "failure_message": "It took too long."}
    failed |= {"stage": "write", "done": 2, "total": 5, "attempts": 6, "finished_at": timezone.now()}
    waiting.make(post=post, owner=post.owner, number=3, **failed)

    html = editor_client.get(history(post)).content.decode()

    for told in ("2,400 / 1,600", "$0.0013", "gpt-4o-mini", "30 s", "Not passed", "words: 1700", "meta: 2"):
        assert told in html
    for told in (
        "<code>timeout</code> It took too long.",
        "Stopped at write 2/5",
        "plan 3.0 s, write 26 s",
        "6 attempts",
        "Landed as revision 2",
    ):
        assert told in html


def test_the_history_costs_the_same_for_many_generations(editor_client, proposal):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    editor_client.get(history(proposal.post))
    with CaptureQueriesContext(connection) as few:
        editor_client.get(history(proposal.post))
    for number in range(2, 20):
        written.make(post=proposal.post, owner=proposal.owner, number=number, requested_by=proposal.owner)
    with CaptureQueriesContext(connection) as many:
        editor_client.get(history(proposal.post))

    assert len(few) == len(many)
    assert not [query for query in many if '"generation_generation"."content"' in query["sql"]]


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (None, "-"), (Decimal(0), "$0.00"), (Decimal("0.00132"), "$0.0013"), (Decimal("0.0106"), "$0.011"),
        (Decimal("0.25"), "$0.25"), (Decimal("1234.567"), "$1,234.57"),
    ],
)  # fmt: skip
def test_prices_are_told_as_people_read_them(cost, words):
    assert dollars(cost) == words
