"""Pages about revisions in the admin: compare two, preview one, restore one."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.tests.baker_recipes import writer
from blogs.admin.revisions import LIVE_ALREADY, NEWER, NO_PAIR, NO_REVISION, RESTORED, RESTORED_NOTE, UNSAVED
from blogs.models import BlogPost, Revision
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.browsers import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> BlogPost:
    """A post of three revisions."""
    post: BlogPost = finished_post.make(revision=0)
    post.add_revision("Bread", "Rye & water.", source=Revision.Source.AI)
    post.add_revision("Bread", "Rye & much water.", source=Revision.Source.HUMAN, author=post.owner)
    post.add_revision("Loaves", "<script>alert(1)</script>", source=Revision.Source.AI)
    return post


def address(page: str, post: BlogPost) -> str:
    return reverse(f"admin:blogs_blogpost_{page}", args=[post.pk])


def staff_with(*codenames: str) -> Client:
    """Return the browser of a staff user with only these permissions."""
    user = writer.make(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return logged_in(user)


def test_two_revisions_are_compared_word_by_word(editor_client, post):
    html = editor_client.get(address("compare", post), {"old": 1, "new": 2}).content.decode()

    assert "Rye &amp; <ins>much </ins>water." in html
    assert "<del>0 words removed</del>" in html
    assert "<ins>1 added</ins>" in html


def test_the_live_text_is_compared_with_the_one_before_by_default(editor_client, post):
    html = editor_client.get(address("compare", post)).content.decode()

    assert "<del>Bread</del><ins>Loaves</ins>" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize("query", [{"old": 1, "new": 9}, {"old": "x"}, {"old": -1}, {"new": 10**30}, {"old": ""}])
def test_a_pair_that_does_not_exist_is_rejected_with_a_message(editor_client, post, query):
    assert NO_PAIR in editor_client.get(address("compare", post), query, follow=True).content.decode()


def test_an_earlier_text_is_restored_as_a_new_revision(editor_client, post):
    answer = editor_client.post(address("restore", post), {"number": 1, "seen": 3}, follow=True)

    post.refresh_from_db()
    assert RESTORED.format(number=1, live=4) in answer.content.decode()
    assert RESTORED_NOTE.format(number=1) in answer.content.decode()
    assert (post.title, post.content, post.revision) == ("Bread", "Rye & water.", 4)
    newest = post.revisions.first()
    assert newest is not None
    assert (newest.source, str(newest.author)) == ("restored", "editor@example.com")


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({"number": 9, "seen": 3}, NO_REVISION),
        ({"number": "x", "seen": 3}, NO_REVISION),
        ({}, NO_REVISION),
        ({"number": 3, "seen": 3}, LIVE_ALREADY.format(number=3)),
        ({"number": 1, "seen": 2}, NEWER.format(live=3)),
    ],
)
def test_what_cannot_be_restored_is_rejected_with_a_message(editor_client, post, form, complaint):
    html = editor_client.post(address("restore", post), form, follow=True).content.decode()

    post.refresh_from_db()
    assert complaint in html
    assert post.revision == 3


def test_a_link_cannot_restore(editor_client, post):
    assert editor_client.get(address("restore", post), {"number": 1, "seen": 3}).status_code == 405


def test_the_preview_shows_the_live_text_as_readers_would_see_it(editor_client, post):
    post.add_revision("Bread", "## Rye\n\n![A loaf](https://example.com/loaf.png)", source=Revision.Source.AI)

    answer = editor_client.get(address("preview", post))

    assert "<h2>Rye</h2>" in answer.content.decode()
    assert ">Image: A loaf</a>" in answer.content.decode()
    assert answer["X-DNS-Prefetch-Control"] == "off"


def test_an_earlier_revision_is_previewed_too(editor_client, post):
    html = editor_client.get(address("preview", post), {"revision": 1}).content.decode()

    assert "<p>Rye &amp; water.</p>" in html


def test_a_form_is_previewed_and_not_saved(editor_client, post):
    form = {"title": "Rolls", "content": "*Not yet*\r\n<script>alert(1)</script>"}

    html = editor_client.post(address("preview", post), form).content.decode()

    assert "<em>Not yet</em>" in html
    assert "<script>alert" not in html
    assert UNSAVED in html
    assert post.revisions.count() == 3


@pytest.mark.parametrize("revision", ["9", "x", "-1", "", "9" * 40])
def test_a_revision_that_does_not_exist_is_not_previewed(editor_client, post, revision):
    answer = editor_client.get(address("preview", post), {"revision": revision}, follow=True)

    assert NO_REVISION in answer.content.decode()


def test_a_post_that_does_not_exist_has_no_pages(editor_client):
    for page in ("compare", "preview"):
        for number in (7, 10**30):
            assert editor_client.get(f"/admin/blogs/blogpost/{number}/{page}/").status_code == 404
    assert editor_client.post("/admin/blogs/blogpost/7/restore/").status_code == 404


def test_those_who_may_only_view_a_post_compare_and_preview_it_but_cannot_restore(post):
    client = staff_with("view_blogpost")

    html = client.get(address("compare", post)).content.decode()

    assert 'class="restore"' not in html
    assert client.get(address("preview", post)).status_code == 200
    assert client.post(address("restore", post), {"number": 1, "seen": 3}).status_code == 403


def test_the_pages_take_the_permission_to_view_posts(post):
    for page in ("compare", "preview"):
        assert staff_with().get(address(page, post)).status_code == 403
