"""The past of a post in the admin: its texts, what changed between them, and the way back."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.tests.baker_recipes import editor, writer
from blogs.models import BlogPost, Revision
from blogs.tests.baker_recipes import finished_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    """A browser in which an editor is logged in."""
    client = Client()
    client.force_login(editor.make(email="desk@example.com"))
    return client


@pytest.fixture
def post() -> BlogPost:
    """A post of three texts."""
    post: BlogPost = finished_post.make(revision=0, owner__email="anna@example.com")
    post.publish("Bread", "Rye & water.", source=Revision.Source.AI)
    post.publish("Bread", "Rye & much water.", source=Revision.Source.HUMAN, author=post.owner)
    post.publish("Loaves", "<script>alert(1)</script>", source=Revision.Source.AI)
    return post


def address(page: str, post: BlogPost) -> str:
    return reverse(f"admin:blogs_blogpost_{page}", args=[post.pk])


def restore(desk, post, **form):
    return desk.post(address("restore", post), form, follow=True).content.decode()


def looker(*codenames: str) -> Client:
    """Return the browser of somebody on the staff with these permissions only."""
    user = writer.make(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def test_the_history_shows_every_text_with_its_source_and_author(desk, post):
    html = desk.get(address("history", post)).content.decode()

    for number in (1, 2, 3):
        assert f'data-label="Revision">{number}' in html
    assert "anna@example.com" in html
    assert "Human" in html
    assert html.count(">Live<") == 1


def test_the_history_costs_the_same_for_many_texts_and_loads_none(desk, post):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk.get(address("history", post))
    with CaptureQueriesContext(connection) as few:
        desk.get(address("history", post))
    for number in range(20):
        post.publish("Bread", f"{number}", source=Revision.Source.HUMAN, author=post.owner)
    with CaptureQueriesContext(connection) as many:
        desk.get(address("history", post))

    assert len(few) == len(many)
    assert not [query for query in many if '"blogs_revision"."content",' in query["sql"]]


def test_a_long_history_has_pages(desk, post):
    for number in range(60):
        post.publish("Bread", f"{number}", source=Revision.Source.AI)

    first = desk.get(address("history", post)).content.decode()
    last = desk.get(address("history", post), {"page": "2"}).content.decode()

    assert 'data-label="Revision">63' in first
    assert 'data-label="Revision">3<' not in first
    assert 'data-label="Revision">3<' in last


def test_two_texts_are_compared_word_by_word(desk, post):
    html = desk.get(address("compare", post), {"old": 1, "new": 2}).content.decode()

    assert "Rye &amp; <ins>much </ins>water." in html
    assert "1 word came" in html


def test_the_live_text_is_compared_with_the_one_before_unless_told_otherwise(desk, post):
    html = desk.get(address("compare", post)).content.decode()

    assert "<del>Bread</del><ins>Loaves</ins>" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize("query", [{"old": 1, "new": 9}, {"old": "x"}, {"old": -1}, {"new": 10**30}, {"old": ""}])
def test_a_pair_that_is_not_there_is_refused_with_a_message(desk, post, query):
    answer = desk.get(address("compare", post), query, follow=True)

    assert "Two revisions of this post are needed to compare." in answer.content.decode()


def test_an_earlier_text_is_restored_as_a_new_revision(desk, post):
    html = restore(desk, post, number=1, seen=3)

    post.refresh_from_db()
    assert "Revision 1 is live again, as revision 4." in html
    assert (post.title, post.content, post.revision) == ("Bread", "Rye & water.", 4)
    newest = post.revisions.first()
    assert newest is not None
    assert (newest.source, str(newest.author)) == ("restored", "desk@example.com")
    assert "Restored revision 1." in html


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({"number": 9, "seen": 3}, "This post has no such revision."),
        ({"number": "x", "seen": 3}, "This post has no such revision."),
        ({}, "This post has no such revision."),
        ({"number": 3, "seen": 3}, "Revision 3 is the live text already."),
        ({"number": 1, "seen": 2}, "A newer text went live meanwhile (revision 3). Nothing was changed"),
    ],
)
def test_what_cannot_be_restored_is_refused_with_a_message(desk, post, form, complaint):
    assert complaint in restore(desk, post, **form)

    post.refresh_from_db()
    assert post.revision == 3


def test_restoring_takes_a_post_request(desk, post):
    assert desk.get(address("restore", post)).status_code == 405


def test_the_preview_shows_a_text_as_readers_would_see_it(desk, post):
    post.publish("Bread", "## Rye\n\n![A loaf](https://example.com/loaf.png)", source=Revision.Source.AI)

    answer = desk.get(address("preview", post))

    assert "<h2>Rye</h2>" in answer.content.decode()
    assert ">Image: A loaf</a>" in answer.content.decode()
    assert answer["X-DNS-Prefetch-Control"] == "off"


def test_an_earlier_text_is_previewed_too(desk, post):
    html = desk.get(address("preview", post), {"revision": 1}).content.decode()

    assert "<p>Rye &amp; water.</p>" in html


def test_what_is_in_a_form_is_previewed_and_not_saved(desk, post):
    form = {"title": "Rolls", "content": "*Not yet*\r\n<script>alert(1)</script>"}

    html = desk.post(address("preview", post), form).content.decode()

    assert "<em>Not yet</em>" in html
    assert "<script>alert" not in html
    assert "What is in the form, not saved." in html
    assert post.revisions.count() == 3


@pytest.mark.parametrize("revision", ["9", "x", "-1", "", "9" * 40])
def test_a_revision_that_is_not_there_is_not_previewed(desk, post, revision):
    answer = desk.get(address("preview", post), {"revision": revision}, follow=True)

    assert "This post has no such revision." in answer.content.decode()


def test_a_post_that_is_not_there_has_no_pages(desk):
    for page in ("compare", "preview"):
        for number in (7, 10**30):
            assert desk.get(f"/admin/blogs/blogpost/{number}/{page}/").status_code == 404
    assert desk.post("/admin/blogs/blogpost/7/restore/").status_code == 404


def test_whoever_may_only_look_sees_the_past_and_cannot_restore(post):
    client = looker("view_blogpost")
    BlogPost.objects.update(owner=client.session["_auth_user_id"])

    html = client.get(address("history", post)).content.decode()

    assert 'data-label="Revision">1' in html
    assert "Restore" not in html
    assert client.post(address("restore", post), {"number": 1, "seen": 3}).status_code == 403
    assert client.get(address("preview", post)).status_code == 200


def test_whoever_may_not_look_sees_nothing(post):
    client = looker()

    for page in ("history", "compare", "preview"):
        assert client.get(address(page, post)).status_code in (403, 404)
