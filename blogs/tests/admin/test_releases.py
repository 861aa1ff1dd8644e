"""What readers see, decided in the admin: on a post's page, in the list, and for many posts at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.baker_recipes import writer
from blogs.admin.bulk_publish import PUBLISH as PUBLISH_SELECTED
from blogs.admin.releases import (
    IS_PUBLIC,
    NEWER_WAITS,
    NOT_AHEAD,
    PUBLISH,
    REVIEWED,
    SCHEDULE_ENDED,
    SCHEDULED,
    UNDECIDED,
    UNPUBLISHED,
    WAITING,
)
from blogs.models import BlogPost, Disclosure, Revision
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.browsers import logged_in
from blogsite.testing.groups import member_of
from blogsite.testing.posts import owner_of

pytestmark = pytest.mark.django_db
LIST = reverse("admin:blogs_blogpost_changelist")


def page(name: str, post: BlogPost) -> str:
    return reverse(f"admin:blogs_blogpost_{name}", args=[post.pk])


@pytest.fixture
def post(settings) -> BlogPost:
    """A post of two texts by a machine, where people review: readers see the first one."""
    settings.PUBLISH = "on_review"
    post: BlogPost = finished_post.make(revision=0, released_revision=None, ai_disclosure=None, released_at=None)
    post.add_revision("Bread", "Rye and water.", source=Revision.Source.AI)
    post.publish(by=owner_of(post))
    post.add_revision("Bread", "Rye and much water.", source=Revision.Source.AI)
    return post


def decide(client, post: BlogPost, decision: str, number: int = 2, **more) -> str:
    """Press a button of the page about what readers see; return the page that follows."""
    answer = client.post(page("release", post), {"decision": decision, "number": number, **more}, follow=True)
    post.refresh_from_db()
    return str(answer.content.decode())


def test_the_page_shows_what_a_release_changes_for_readers(editor_client, post):
    html = editor_client.get(page("release", post)).content.decode()

    assert "Rye and <ins>much </ins>water." in html
    assert f"Released by {post.owner}" in html
    assert Disclosure.AI_AUTONOMOUS in html
    assert PUBLISH.format(2) in html


def test_who_publishes_what_the_page_showed_has_named_it(editor_client, post):
    html = decide(editor_client, post, "publish")

    assert IS_PUBLIC.format(number=2) in html
    assert (post.released_revision, post.ai_disclosure) == (2, Disclosure.AI_ASSISTED)
    assert post.release.by.email == "editor@example.com"
    assert IS_PUBLIC.format(number=2) in editor_client.get(page("history", post)).content.decode()


def test_a_text_that_landed_meanwhile_is_not_published_with_the_one_that_was_read(editor_client, post):
    post.add_revision("Bread", "Nobody read this.", source=Revision.Source.AI)

    html = decide(editor_client, post, "publish", number=2)

    assert NEWER_WAITS.format(live=3) in html
    assert (post.released_revision, post.revision) == (2, 3)


def test_a_public_text_that_nobody_read_is_marked_as_reviewed(editor_client, post):
    assert REVIEWED.format(1) in editor_client.get(page("release", post), {"revision": 1}).content.decode()

    decide(editor_client, post, "publish", number=1)

    assert (post.released_revision, post.ai_disclosure) == (1, Disclosure.AI_ASSISTED)
    assert REVIEWED.format(1) not in editor_client.get(page("release", post), {"revision": 1}).content.decode()


def test_a_schedule_is_shown_and_ended_while_readers_see_what_they_saw(editor_client, post):
    moment = timezone.now() + timedelta(days=2)
    decide(editor_client, post, "schedule", moment=f"{moment:%Y-%m-%dT%H:%M}")
    html = editor_client.get(page("change", post)).content.decode()

    assert f"{post.publish_at:%Y-%m-%dT%H:%M}" == f"{moment:%Y-%m-%dT%H:%M}"
    assert "scheduled by editor@example.com" in html
    assert SCHEDULED in html
    assert SCHEDULE_ENDED in decide(editor_client, post, "end_schedule")
    assert (post.publish_at, post.released_revision) == (None, 1)
    assert not post.releases.scheduled().exists()


@pytest.mark.parametrize(
    ("decision", "more", "said"),
    [
        ("schedule", {"moment": "2020-01-01T10:00"}, NOT_AHEAD),
        ("schedule", {"moment": "soon"}, NOT_AHEAD),
        ("schedule", {}, NOT_AHEAD),
        ("praise", {}, UNDECIDED),
        ("publish", {"number": ""}, UNDECIDED),
    ],
)
def test_an_unclear_decision_changes_nothing_and_says_why(editor_client, post, decision, more, said):
    version = post.version

    assert said in decide(editor_client, post, decision, **more)
    assert post.version == version


def test_what_is_unpublished_is_shown_whole_and_waits_for_review(editor_client, post):
    assert UNPUBLISHED in decide(editor_client, post, "unpublish")

    html = editor_client.get(page("release", post)).content.decode()
    assert "<p>Rye and much water.</p>" in html
    assert post.released_revision is None
    assert WAITING in editor_client.get(f"{LIST}?review=waiting").content.decode()


def test_an_owner_decides_on_their_own_posts_and_others_only_by_permission(post):
    owner = post.owner
    owner.is_staff = True
    owner.save()
    other = writer.make(is_staff=True)

    assert logged_in(other).post(page("release", post), {"decision": "unpublish", "number": 2}).status_code == 403
    assert UNPUBLISHED in decide(logged_in(owner), post, "unpublish")


@pytest.mark.parametrize(
    ("query", "found"), [("waiting", ["Waits"]), ("scheduled", ["Timed"]), ("public", ["Seen", "Waits"])]
)
def test_the_list_is_filtered_by_what_there_is_to_review(editor_client, query, found):
    finished_post.make(title="Seen")
    finished_post.make(title="Waits", revision=2)
    finished_post.make(title="Timed", revision=2, released_revision=None, released_at=None, publish_at=timezone.now())
    finished_post.make(title="Empty", revision=0, released_revision=None, released_at=None)

    html = editor_client.get(f"{LIST}?review={query}").content.decode()

    assert [title for title in ("Empty", "Seen", "Timed", "Waits") if f">{title}</a>" in html] == found


def test_selected_posts_that_wait_are_published_by_somebody_who_named_none(editor_client, post):
    own, public = finished_post.make(revision=0, released_revision=None, ai_disclosure=None), finished_post.make()
    own.add_revision("Own", "Typed.", source=Revision.Source.HUMAN, author=own.owner)
    selection = {"action": PUBLISH_SELECTED.name, "_selected_action": [post.pk, own.pk, public.pk]}

    asked = editor_client.post(LIST, selection).content.decode()
    assert "(of 3 selected;" in asked
    assert "With a machine’s text</th><td>1 " in asked
    assert not Revision.objects.filter(post=public).exists()
    run = {"after": 0, "until": public.pk, "total": 2, "done": 0}
    html = editor_client.post(LIST, selection | run, follow=True).content.decode()

    assert f"{PUBLISH_SELECTED.done}: 2." in html
    post.refresh_from_db()
    own.refresh_from_db()
    assert (post.released_revision, post.ai_disclosure) == (2, Disclosure.AI_AUTONOMOUS)
    assert (own.released_revision, own.ai_disclosure) == (1, Disclosure.HUMAN_ONLY)
    assert post.release.by.email == "editor@example.com"


def test_a_writer_publishes_no_posts_of_others_by_selecting_them(post):
    run = {"after": 0, "until": post.pk, "total": 1, "done": 0}

    selection = {"action": PUBLISH_SELECTED.name, "_selected_action": [post.pk]}
    logged_in(member_of("Writers")).post(LIST, selection | run)

    post.refresh_from_db()
    assert post.released_revision == 1
