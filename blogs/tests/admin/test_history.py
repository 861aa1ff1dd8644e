"""The history of a post in the admin: a table of its revisions."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost, Revision
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.browsers import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> BlogPost:
    """A post of three revisions."""
    post: BlogPost = finished_post.make(revision=0, owner__email="anna@example.com")
    post.add_revision("Bread", "Rye & water.", source=Revision.Source.AI)
    post.add_revision("Bread", "Rye & much water.", source=Revision.Source.HUMAN, author=post.owner)
    post.add_revision("Loaves", "Rye & salt.", source=Revision.Source.AI)
    return post


def history(post: BlogPost) -> str:
    return reverse("admin:blogs_blogpost_history", args=[post.pk])


def test_the_history_shows_every_revision_with_its_source_and_author(editor_client, post):
    html = editor_client.get(history(post)).content.decode()

    for number in (1, 2, 3):
        assert f'data-label="Revision">{number}' in html
    assert "anna@example.com" in html
    assert "Human" in html
    assert html.count(">Live<") == 1


def test_the_history_costs_the_same_for_many_revisions_and_loads_no_texts(editor_client, post):
    editor_client.get(history(post))
    with CaptureQueriesContext(connection) as few:
        editor_client.get(history(post))
    for number in range(20):
        post.add_revision("Bread", f"{number}", source=Revision.Source.HUMAN, author=post.owner)
    with CaptureQueriesContext(connection) as many:
        editor_client.get(history(post))

    assert len(few) == len(many)
    assert not [query for query in many if '"blogs_revision"."content",' in query["sql"]]


def test_a_long_history_has_pages(editor_client, post):
    for number in range(60):
        post.add_revision("Bread", f"{number}", source=Revision.Source.AI)

    first = editor_client.get(history(post)).content.decode()
    last = editor_client.get(history(post), {"page": "2"}).content.decode()

    assert 'data-label="Revision">63' in first
    assert 'data-label="Revision">3<' not in first
    assert 'data-label="Revision">3<' in last


@pytest.mark.parametrize(("codenames", "may_restore"), [(["view"], False), (["view", "change"], True)])
def test_restore_is_offered_to_those_who_may_change_the_post(post, codenames, may_restore):
    user = writer.make(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=[f"{name}_blogpost" for name in codenames]))

    html = logged_in(user).get(history(post)).content.decode()

    assert 'data-label="Revision">1' in html
    assert ('class="restore"' in html) == may_restore


def test_the_history_takes_the_permission_to_view_posts(post):
    assert logged_in(writer.make(is_staff=True)).get(history(post)).status_code == 403
