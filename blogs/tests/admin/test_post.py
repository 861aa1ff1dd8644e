"""The list and the form of posts in the admin."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.tests.baker_recipes import writer
from blogs.admin.post import BRIEF_CHANGED
from blogs.models import BlogPost, Revision, Status
from blogs.tests.baker_recipes import failed_post, finished_post
from blogsite.testing.browsers import as_sent, logged_in
from generation.models import Generation

pytestmark = pytest.mark.django_db
LIST = reverse("admin:blogs_blogpost_changelist")


def page(post: BlogPost) -> str:
    return reverse("admin:blogs_blogpost_change", args=[post.pk])


def save(client, post, **changes):
    """Send the post's form as the browser would: with its line ends."""
    shown = {"brief": as_sent(post.brief), "owner": post.owner_id, **post.options}
    form = {
        "title": post.title,
        "content": as_sent(post.content),
        "seen_revision": post.revision,
        **shown,
        **{f"initial-{name}": value for name, value in shown.items()},
    }
    return client.post(page(post), form | changes)


def test_the_list_shows_status_labels_failures_and_owners(editor_client):
    failed_post.make(title="Broken bread", owner__email="bob@example.com")

    html = editor_client.get(LIST).content.decode()

    assert '<span class="status-label failed">Failed</span>' in html
    assert '<code>timeout</code><br><span class="quiet">The model took too long.</span>' in html
    assert "bob@example.com" in html


def test_the_list_costs_the_same_for_many_posts_and_loads_no_texts(editor_client):
    finished_post.make(_quantity=3)
    editor_client.get(LIST)  # content types are looked up once
    with CaptureQueriesContext(connection) as few:
        editor_client.get(LIST)
    finished_post.make(_quantity=40)
    with CaptureQueriesContext(connection) as many:
        editor_client.get(LIST)

    assert len(few) == len(many)
    assert not [query for query in many if '"blogs_blogpost"."content"' in query["sql"]]


@pytest.mark.parametrize(
    ("query", "found"), [("status=failed", "Broken"), ("q=broken", "Broken"), ("q=bob@", "Broken")]
)
def test_the_list_is_filtered_and_searched(editor_client, query, found):
    failed_post.make(title="Broken", owner__email="bob@example.com")
    finished_post.make(title="Whole")

    html = editor_client.get(f"{LIST}?{query}").content.decode()

    assert f">{found}</a>" in html
    assert ">Whole</a>" not in html


def test_the_list_is_filtered_by_owner(editor_client):
    mine, other = finished_post.make(title="Mine"), finished_post.make(title="Other")

    html = editor_client.get(f"{LIST}?owner__id__exact={mine.owner_id}").content.decode()

    assert ">Mine</a>" in html
    assert f">{other.title}</a>" not in html


def test_a_post_added_here_is_queued_like_one_of_the_api(editor_client):
    owner = writer.make()

    answer = editor_client.post(
        reverse("admin:blogs_blogpost_add"),
        {"title": "Bread", "brief": "flour\r\nwater", "owner": owner.pk, **BlogPost().options},
    )

    post, generation = BlogPost.objects.get(), Generation.objects.get()
    assert answer.status_code == 302
    assert (post.status, post.brief_title, post.owner) == (Status.PENDING, "Bread", owner)
    assert (generation.brief_title, generation.brief) == ("Bread", "flour\nwater")
    assert generation.requested_by is not None
    assert generation.requested_by.is_staff


def test_an_edited_text_becomes_a_revision_and_queues_no_generation(editor_client):
    post = finished_post.make(content="One line.\nAnother.")

    save(editor_client, post, content="One line.\r\nAnother one.")

    revision = Revision.objects.get()
    post.refresh_from_db()
    assert (post.content, post.revision) == ("One line.\nAnother one.", 2)
    assert (revision.source, revision.author) == ("human", User.objects.get(is_superuser=True))
    assert not Generation.objects.exists()


def test_saving_without_a_change_makes_no_revision(editor_client):
    post = finished_post.make(content="One line.\r\nAnother.  \n\n", brief="a\nb ")

    answer = save(editor_client, post)

    assert answer.status_code == 302
    assert not Revision.objects.exists()
    assert not Generation.objects.exists()


def test_a_changed_brief_queues_a_regeneration(editor_client):
    post = finished_post.make()

    save(editor_client, post, brief="rye")

    post.refresh_from_db()
    assert BRIEF_CHANGED in editor_client.get(LIST).content.decode()
    assert (post.status, post.content) == (Status.PENDING, "The text that readers see.")
    assert Generation.objects.get().brief == "rye"


def test_a_changed_owner_changes_nothing_else(editor_client):
    post, owner = finished_post.make(), writer.make()

    save(editor_client, post, owner=owner.pk)

    post.refresh_from_db()
    assert (post.owner, post.revision, post.status) == (owner, 1, Status.COMPLETED)


def test_selected_posts_are_deleted_with_their_texts(editor_client):
    post = finished_post.make()
    post.request_generation()

    confirmed = {"after": 0, "until": post.pk, "total": 1, "done": 0}
    editor_client.post(LIST, {"action": "delete_selected", "_selected_action": [post.pk], **confirmed})

    assert not BlogPost.objects.exists()


def test_a_user_who_is_not_staff_is_sent_to_the_login():
    assert logged_in(writer.make()).get(LIST).status_code == 302


def test_own_words_are_added_without_a_generation(editor_client):
    new = {"title": "Bread", "brief": "", "content": "Rye.\r\nWater.", **BlogPost().options}

    editor_client.post(reverse("admin:blogs_blogpost_add"), new | {"owner": writer.make().pk})

    post, revision = BlogPost.objects.get(), Revision.objects.get()
    assert (post.status, post.content, revision.source) == (Status.COMPLETED, "Rye.\nWater.", "human")
    assert revision.author == User.objects.get(is_superuser=True)
    assert not Generation.objects.exists()


def test_view_on_site_leads_to_what_readers_see_and_is_gone_when_they_see_nothing(editor_client, api):
    post = finished_post.make()
    link = f'href="{reverse("blog", args=[post.pk])}"'

    assert link in editor_client.get(page(post)).content.decode()
    post.unpublish()
    assert link not in editor_client.get(page(post)).content.decode()


def test_an_edit_of_a_machines_text_is_disclosed_as_that_of_an_editor_who_saw_it(editor_client):
    post = finished_post.make(revision=0)
    post.add_revision("Bread", "Rye. Water.", source=Revision.Source.AI)

    save(editor_client, post, content="Rye. Much water.")

    post.refresh_from_db()
    assert (post.released_revision, post.ai_disclosure) == (2, "ai-assisted")
