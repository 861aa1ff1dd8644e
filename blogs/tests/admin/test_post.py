"""Posts in the admin, as an editor's browser sends them."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.baker_recipes import editor, writer
from blogs.models import BlogPost, Revision, Status
from blogs.tests.baker_recipes import failed_post, finished_post
from blogsite.testing.browsers import as_sent
from generation.models import Generation

pytestmark = pytest.mark.django_db
LIST = reverse("admin:blogs_blogpost_changelist")


@pytest.fixture
def desk() -> Client:
    """A browser in which an editor is logged in."""
    client = Client()
    client.force_login(editor.make())
    return client


def page(post: BlogPost) -> str:
    return reverse("admin:blogs_blogpost_change", args=[post.pk])


def save(desk, post, **changes):
    """Send the post's form as the browser would: with its line ends."""
    shown = {"brief": as_sent(post.brief), "owner": post.owner_id, **post.options}
    form = {
        "title": post.title,
        "content": as_sent(post.content),
        "seen_revision": post.revision,
        **shown,
        **{f"initial-{name}": value for name, value in shown.items()},
    }
    return desk.post(page(post), form | changes)


def test_the_list_shows_status_labels_failures_and_owners(desk):
    failed_post.make(title="Broken bread", owner__email="bob@example.com")

    html = desk.get(LIST).content.decode()

    assert '<span class="status-label failed">Failed</span>' in html
    assert '<code>timeout</code><br><span class="quiet">The model took too long.</span>' in html
    assert "bob@example.com" in html


def test_the_list_costs_the_same_for_many_posts_and_loads_no_texts(desk, django_assert_num_queries):
    finished_post.make(_quantity=3)
    desk.get(LIST)  # content types are looked up once
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        desk.get(LIST)
    finished_post.make(_quantity=40)
    with CaptureQueriesContext(connection) as many:
        desk.get(LIST)

    assert len(few) == len(many)
    assert not [query for query in many if '"blogs_blogpost"."content"' in query["sql"]]


@pytest.mark.parametrize(
    ("query", "found"), [("status=failed", "Broken"), ("q=broken", "Broken"), ("q=bob@", "Broken")]
)
def test_the_list_is_filtered_and_searched(desk, query, found):
    failed_post.make(title="Broken", owner__email="bob@example.com")
    finished_post.make(title="Whole")

    html = desk.get(f"{LIST}?{query}").content.decode()

    assert f">{found}</a>" in html
    assert ">Whole</a>" not in html


def test_the_list_is_filtered_by_owner(desk):
    mine, other = finished_post.make(title="Mine"), finished_post.make(title="Other")

    html = desk.get(f"{LIST}?owner__id__exact={mine.owner_id}").content.decode()

    assert ">Mine</a>" in html
    assert f">{other.title}</a>" not in html


def test_a_post_added_here_is_written_like_one_of_the_api(desk):
    owner = writer.make()

    answer = desk.post(
        reverse("admin:blogs_blogpost_add"),
        {"title": "Bread", "brief": "flour\r\nwater", "owner": owner.pk, **BlogPost().options},
    )

    post, generation = BlogPost.objects.get(), Generation.objects.get()
    assert answer.status_code == 302
    assert (post.status, post.brief_title, post.owner) == (Status.PENDING, "Bread", owner)
    assert (generation.brief_title, generation.brief) == ("Bread", "flour\nwater")
    assert generation.requested_by is not None
    assert generation.requested_by.is_staff


def test_an_edited_text_becomes_a_revision_and_asks_no_model(desk):
    post = finished_post.make(content="One line.\nAnother.")

    save(desk, post, content="One line.\r\nAnother one.")

    revision = Revision.objects.get()
    post.refresh_from_db()
    assert (post.content, post.revision) == ("One line.\nAnother one.", 2)
    assert (revision.source, revision.author) == ("human", editor_of(desk))
    assert not Generation.objects.exists()


def editor_of(desk):
    from accounts.models import User

    return User.objects.get(pk=desk.session["_auth_user_id"])


def test_saving_without_a_change_makes_no_revision(desk):
    post = finished_post.make(content="One line.\r\nAnother.  \n\n", brief="a\nb ")

    answer = save(desk, post)

    assert answer.status_code == 302
    assert not Revision.objects.exists()
    assert not Generation.objects.exists()


def test_a_changed_brief_has_the_post_written_anew(desk):
    post = finished_post.make()

    save(desk, post, brief="rye")

    post.refresh_from_db()
    assert (post.status, post.content) == (Status.PENDING, "The text that readers see.")
    assert Generation.objects.get().brief == "rye"


def test_a_changed_owner_changes_nothing_else(desk):
    post, owner = finished_post.make(), writer.make()

    save(desk, post, owner=owner.pk)

    post.refresh_from_db()
    assert (post.owner, post.revision, post.status) == (owner, 1, Status.COMPLETED)


def test_selected_posts_are_deleted_with_their_texts(desk):
    post = finished_post.make()
    post.request_generation()

    desk.post(LIST, {"action": "delete_selected", "_selected_action": [post.pk], "post": "yes"})

    assert not BlogPost.objects.exists()


def test_a_writer_without_staff_rights_stays_outside():
    client = Client()
    client.force_login(writer.make())

    assert client.get(LIST).status_code == 302
