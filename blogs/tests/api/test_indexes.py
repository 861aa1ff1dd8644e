"""First pages of lists are answered by an index: of a hundred thousand posts, no more are read than are shown."""

from itertools import product

import pytest
from django.db import connection

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost, Status
from blogs.models.folding import fold
from blogs.tests.baker_recipes import failed_post, finished_post, waiting_post
from blogsite.testing.plans import reads_all, statements_of
from generation.models import has_proposal

TABLE = BlogPost._meta.db_table
SOME = {"post_public", "post_waits"}
LISTS = [
    "published=true", "published=false", "order=released", "order=released&after=5@1700000000000000", "status=failed",
    "status=failed,pending", "status=completed,in_progress&after=5", "status=failed,pending&owner={owner}",
    "owner={owner}&published=true",
]  # fmt: skip


@pytest.fixture
def posts(db):
    owner = writer.make()
    for recipe in (finished_post, finished_post, finished_post, failed_post, waiting_post):
        recipe.make(_quantity=5, owner=owner)
    finished_post.make(released_revision=None, released_at=None)
    return owner


@pytest.mark.parametrize("query", LISTS)
def test_the_first_page_is_found_without_reading_all_posts(api, posts, query):
    statements = statements_of(lambda: api.get(f"/api/v1/blogs?{query.format(owner=posts.pk)}"), TABLE)

    assert len(statements) == 1
    assert not reads_all(*statements[0], TABLE, SOME)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL reads a hundred rows rather than an index")
@pytest.mark.parametrize("owned", [False, True])
def test_of_several_statuses_the_newest_are_found_however_many_others_are_newer(api, db, owned):
    owner = writer.make()
    for recipe, number in ((failed_post, 100), (finished_post, 300)):
        recipe.make(_quantity=number, owner=owner, _bulk_create=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # it knows that of three posts one has failed, but not which
    query = f"status=failed,pending&limit=1{f'&owner={owner.pk}' if owned else ''}"

    (statement,) = statements_of(lambda: api.get(f"/api/v1/blogs?{query}"), TABLE)

    assert not reads_all(*statement, TABLE)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps long texts out of its rows")
@pytest.mark.parametrize("mode", ["at_once", "on_review"])
@pytest.mark.parametrize("query", ["title=x", "title=x&published=true", "title=x&after=5"])
def test_titles_are_searched_without_reading_texts(api, posts, settings, query, mode):
    settings.PUBLISH = mode

    (statement,) = statements_of(lambda: api.get(f"/api/v1/blogs?{query}"), TABLE)

    assert not reads_all(*statement, TABLE, {"post_titles"})


@pytest.mark.parametrize("name", ["waiting", "proposals"])
def test_what_waits_for_a_person_is_counted_and_listed_without_reading_all_posts(posts, name):
    found = BlogPost.objects.waiting_for_review() if name == "waiting" else BlogPost.objects.filter(has_proposal())
    statements = statements_of(lambda: (found.count(), list(found.newest_first()[:100])), TABLE)

    assert len(statements) == 2
    assert [sql for sql, params in statements if reads_all(sql, params, TABLE, SOME)] == []


def test_reading_all_posts_is_noticed(posts):
    assert reads_all(f"SELECT max(version) FROM {TABLE}", None, TABLE, SOME)


def test_filters_together_leave_what_each_of_them_leaves(api, db):
    owners = writer.make(_quantity=2)
    for number, (recipe, owner) in enumerate(product((finished_post, failed_post, waiting_post), owners * 2)):
        recipe.make(owner=owner, title=f"Rye {number}", folded_title=fold(f"Rye {number % 2}"))
    finished_post.make(owner=owners[0], released_revision=None, released_at=None)
    everyone = list(BlogPost.objects.newest_first())
    statuses = ["", "failed", "failed,pending", ",".join(Status.values), "in_progress,failed"]

    for asked, published, by, title, order in product(
        statuses, ("", "true", "false"), ("", owners[0].pk), ("", "YE 1"), ("newest", "released")
    ):
        expected = [
            post
            for post in everyone
            if (not asked or post.status in asked.split(","))
            and (not published or post.is_released == (published == "true"))
            and by in ("", post.owner_id)
            and fold(title) in post.folded_title
            and (order == "newest" or post.is_released)
        ]
        if order == "released":
            expected.sort(key=lambda post: (post.released_at, post.pk), reverse=True)
        query = {"status": asked, "published": published, "owner": by, "title": title, "order": order, "limit": 3}
        found: list[int] = []
        following = "/api/v1/blogs"
        while following:
            page = api.get(following, {name: value for name, value in query.items() if value}).json()
            found, following, query = found + [blog["id"] for blog in page["blogs"]], page["next"], {}
        assert found == [post.pk for post in expected], (asked, published, by, title, order)
