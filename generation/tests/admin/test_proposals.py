"""Proposals in the admin: what one would change, and the decision on it."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.tests.baker_recipes import writer
from blogs.admin.revisions import NEWER
from blogs.models import BlogPost, Revision
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.browsers import logged_in
from generation.admin.proposals import ACCEPTED, ACCEPTED_NOTE, DISCARDED, DISCARDED_NOTE, GONE, HAS_PROPOSAL, UNDECIDED
from generation.models import Generation
from generation.tests.baker_recipes import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal() -> Generation:
    """A proposal beside a post whose owner wrote its second text."""
    post = finished_post.make(revision=0)
    post.add_revision("Bread", "Rye and water.", source=Revision.Source.AI)
    post.add_revision("Bread", "Rye and much water.", source=Revision.Source.HUMAN, author=post.owner)
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


def test_the_posts_page_and_its_history_link_to_the_proposal(editor_client, proposal):
    change = editor_client.get(reverse("admin:blogs_blogpost_change", args=[proposal.post_id])).content.decode()

    assert page(proposal) in change
    assert page(proposal) in editor_client.get(history(proposal.post)).content.decode()


def test_nothing_links_to_a_proposal_that_was_accepted_or_discarded(editor_client, proposal):
    decide(editor_client, proposal, decision="discard", seen=2)

    change = editor_client.get(reverse("admin:blogs_blogpost_change", args=[proposal.post_id])).content.decode()

    assert page(proposal) not in change
    assert page(proposal) not in editor_client.get(history(proposal.post)).content.decode()


def test_an_accepted_proposal_becomes_the_live_text(editor_client, proposal):
    html = decide(editor_client, proposal, decision="accept", seen=2)

    proposal.refresh_from_db()
    assert ACCEPTED.format(number=1, revision=3) in html
    assert ACCEPTED_NOTE.format(number=1) in html
    assert (proposal.post.title, proposal.post.content) == ("Loaves", "Rye and *some* water.")
    assert (proposal.landing, str(proposal.revision)) == (Generation.Landing.ACCEPTED, "revision 3")


def test_a_discarded_proposal_changes_no_text(editor_client, proposal):
    html = decide(editor_client, proposal, decision="discard", seen=0)

    proposal.refresh_from_db()
    assert DISCARDED.format(number=1) in html
    assert DISCARDED_NOTE.format(number=1) in html
    assert (proposal.landing, proposal.post.revision) == (Generation.Landing.DISCARDED, 2)


def test_a_text_that_went_live_in_the_meantime_is_shown_before_it_is_replaced(editor_client, proposal):
    proposal.post.edit(title="Bread", content="Rye and no water.", author=proposal.owner)

    html = decide(editor_client, proposal, decision="accept", seen=2)

    proposal.refresh_from_db()
    assert NEWER.format(live=3) in html
    assert "Rye and <del>no</del><ins>*some*</ins> water." in html
    assert (proposal.landing, proposal.post.revision) == (Generation.Landing.PROPOSED, 3)


@pytest.mark.parametrize("form", [{}, {"decision": "burn", "seen": 2}, {"decision": "accept", "seen": "x"}])
def test_an_invalid_decision_changes_nothing(editor_client, proposal, form):
    assert UNDECIDED in decide(editor_client, proposal, **form)

    proposal.refresh_from_db()
    assert proposal.landing == Generation.Landing.PROPOSED


def test_a_proposal_is_decided_on_once(editor_client, proposal):
    decide(editor_client, proposal, decision="discard", seen=2)

    assert GONE in decide(editor_client, proposal, decision="accept", seen=2)
    assert GONE in editor_client.get(page(proposal), follow=True).content.decode()


@pytest.mark.parametrize("number", [9, 10**30])
def test_a_proposal_that_does_not_exist_is_rejected(editor_client, proposal, number):
    address = page(proposal).replace("/proposals/1/", f"/proposals/{number}/")

    assert GONE in editor_client.get(address, follow=True).content.decode()
    assert GONE in editor_client.post(address, {"decision": "accept", "seen": 2}, follow=True).content.decode()


def test_those_who_may_only_view_a_post_cannot_decide(proposal):
    user = writer.make(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_blogpost"))
    client = logged_in(user)

    assert "Accept</button>" not in client.get(page(proposal)).content.decode()
    assert client.post(page(proposal), {"decision": "accept", "seen": 2}).status_code == 403


def test_the_list_names_and_finds_posts_with_a_proposal_and_the_first_page_counts_them(editor_client, proposal):
    finished_post.make(title="Without")
    address = reverse("admin:blogs_blogpost_changelist")

    assert editor_client.get(address).content.decode().count(f'<span class="review-label proposal">{HAS_PROPOSAL}') == 1
    assert ">Without</a>" not in editor_client.get(f"{address}?proposal=1").content.decode()
    assert '?proposal=1">1 post</a>' in editor_client.get("/admin/").content.decode()
    decide(editor_client, proposal, decision="discard", seen=2)
    assert 'class="review-label proposal"' not in editor_client.get(address).content.decode()
