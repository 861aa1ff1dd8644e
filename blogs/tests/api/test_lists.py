"""Lists: filters, fields, links."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.tests.baker_recipes import writer
from blogs.api.list_reads import PIECE
from blogs.api.pagination import PAGE_BYTES
from blogs.models import BlogPost, Revision
from blogs.models.folding import fold
from blogs.tests.baker_recipes import failed_post, finished_post, waiting_post
from blogsite.testing.posts import owner_of

pytestmark = pytest.mark.django_db


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [blog["id"] for blog in answer.json()["blogs"]]


def walk(api, following: str, items: str = "blogs") -> list[list[dict[str, Any]]]:
    """Return the items of each page of a list, up to the last."""
    pages = []
    while following:
        page = api.get(following).json()
        pages.append(page[items])
        following = page["next"]
    return pages


def post_of(size: int, *, released: str | None = None) -> BlogPost:
    """Return a post with a text of so many bytes; `released` is another text that readers see."""
    post = finished_post.make(revision=0)
    if released is not None:
        post.add_revision("Released", released, source=Revision.Source.HUMAN, author=post.owner)
    text = "é" * (size // 2)
    post.add_revision("Newest", text, source=Revision.Source.HUMAN, author=post.owner)
    if released is not None:
        post.publish(by=owner_of(post), number=1)
    return post


def test_posts_of_one_owner(as_user, api):
    mine, other = finished_post.make(), finished_post.make()

    assert ids(api.get(f"/api/v1/blogs?owner={other.owner_id}")) == [other.pk]
    assert ids(as_user(mine.owner).get("/api/v1/blogs?owner=me")) == [mine.pk]
    assert ids(api.get("/api/v1/blogs?owner=999999")) == []


def test_owner_me_requires_a_token(api):
    answer = api.get("/api/v1/blogs?owner=me")
    api.credentials(HTTP_AUTHORIZATION="Bearer nonsense")

    assert answer.status_code == api.get("/api/v1/blogs?owner=me").status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_posts_with_one_status(api):
    failed, _ = failed_post.make(), finished_post.make()

    assert ids(api.get("/api/v1/blogs?status=failed")) == [failed.pk]


@pytest.mark.parametrize("part", ["rye", "RYE B", "%", "_", "\\"])
def test_posts_whose_title_contains_a_text(api, part):
    expected = finished_post.make(title="100%_Rye \\ Rye bread")
    finished_post.make(title="Wheat")

    assert ids(api.get("/api/v1/blogs", {"title": part})) == [expected.pk]


def test_filters_combine_and_stay_in_the_link(as_user, api):
    owner = writer.make()
    made = [post.pk for post in finished_post.make(_quantity=3, owner=owner, title="Rye & more")]
    finished_post.make(owner=owner)
    finished_post.make(title="Rye & more")

    first = as_user(owner).get(f"/api/v1/blogs?limit=2&title=rye+%26&owner={owner.pk}&status=completed&fields=id,title")
    following = first.json()["next"]

    assert ids(first) == made[:0:-1]
    assert first["Link"] == f'<{following}>; rel="next"'
    last = api.get(following)
    assert last.json() == {"blogs": [{"id": made[0], "title": "Rye & more"}], "next": None}
    assert "Link" not in last


def test_omitted_texts_are_not_even_read(api, django_assert_num_queries):
    post = finished_post.make()

    with django_assert_num_queries(1) as queries:
        answer = api.get("/api/v1/blogs?fields=status,title")

    assert answer.json()["blogs"] == [{"id": post.pk, "title": post.title, "status": "completed"}]
    assert "content" not in queries[0]["sql"]


@pytest.mark.parametrize(
    "query",
    [
        "status=done",
        "status=",
        "owner=bob",
        "owner=-1",
        "owner=99999999999999999999",
        "owner=",
        "owner=%D9%A3",
        "title=",
        "title=%00",
        f"title={'x' * 256}",
        "fields=brief",
        "fields=",
        "fields=id,%F0%9F%8D%9E",
    ],
)
def test_an_invalid_filter_is_a_clear_400(api, query):
    answer = api.get(f"/api/v1/blogs?{query}")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert list(answer.json()["errors"]) == [query.split("=")[0]]


def test_an_unknown_parameter_is_named_with_those_that_there_are(api):
    answer = api.get("/api/v1/blogs?page=2")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["page"])
    assert "limit, after, owner" in answer.json()["detail"]


def test_a_list_in_the_order_of_releases_goes_on_where_it_ended(api):
    posts = [finished_post.make() for _ in range(4)]
    posts[3].unpublish()
    moment = timezone.now()
    for post, released in zip(posts, (moment, moment, moment - timedelta(microseconds=1)), strict=False):
        BlogPost.objects.filter(pk=post.pk).update(released_at=released)
    expected = [posts[1].pk, posts[0].pk, posts[2].pk]

    def walk(start: str) -> list[int]:
        found, following = [], start
        while following:
            page = api.get(following).json()
            found += [blog["id"] for blog in page["blogs"]]
            following = page["next"]
        return found

    assert walk("/api/v1/blogs?order=released&limit=1&fields=id") == expected
    assert walk(f"/api/v1/blogs?order=released&after={expected[0]}") == expected[1:]
    assert walk("/api/v1/blogs?order=released&after=999999") == []
    assert walk("/api/v1/blogs?published=true") == [posts[2].pk, posts[1].pk, posts[0].pk]
    assert walk("/api/v1/blogs?published=false&order=newest") == [posts[3].pk]


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("Ärger im Büro", "ärger"),
        ("Привет мир", "привет"),
        ("ΑΘΗΝΑΣ", "αθηνας"),
        ("CAFE\u0301", "café"),
        ("Straße", "STRASSE"),
    ],
)
def test_titles_are_found_in_any_case_of_any_script(api, title, part):
    user = writer.make()
    BlogPost(owner=user, title=f"x {title} x").submit_own_text("", author=user)

    assert len(api.get("/api/v1/blogs", {"title": part}).json()["blogs"]) == 1
    assert api.get("/api/v1/blogs", {"title": f"{part}!"}).json()["blogs"] == []
    assert fold(title) == fold(title.swapcase())


def test_posts_with_one_of_several_statuses(api):
    failed, waiting, finished = failed_post.make(), waiting_post.make(), finished_post.make()

    assert ids(api.get("/api/v1/blogs?status=completed,failed")) == [finished.pk, failed.pk]
    assert ids(api.get("/api/v1/blogs?status=pending")) == [waiting.pk]


@pytest.mark.parametrize("query", ["limit=4", "limit=100", "limit=100&order=released"])
def test_a_page_ends_before_its_texts_pass_a_megabyte(api, django_assert_num_queries, query):
    sizes = [10, 10, PAGE_BYTES - 20, 30, PAGE_BYTES * 2, PAGE_BYTES // 2, PAGE_BYTES // 2]
    posts = [post_of(size) for size in sizes]

    pages = walk(api, f"/api/v1/blogs?{query}")

    assert [[len(blog["content"].encode()) for blog in page] for page in pages] == [
        sizes[:4:-1], [sizes[4]], [sizes[3]], [*sizes[2::-1]],
    ]  # fmt: skip
    assert [blog["id"] for page in pages for blog in page] == [post.pk for post in reversed(posts)]
    assert len(walk(api, f"/api/v1/blogs?{query}&fields=id,title")) == (2 if query == "limit=4" else 1)
    with django_assert_num_queries(1):
        api.get(f"/api/v1/blogs?{query}")


def test_a_text_that_readers_see_instead_of_the_newest_counts(api):
    large, small = "x" * (PAGE_BYTES // 2 + 1), "y"
    expected = [post_of(10, released=large) for _ in range(2)]
    expected += [post_of(PAGE_BYTES * 2, released=small) for _ in range(PIECE + 1)]

    pages = walk(api, "/api/v1/blogs?limit=100")

    assert [blog["id"] for page in pages for blog in page] == [post.pk for post in reversed(expected)]
    texts = [[blog["content"] for blog in page] for page in pages]
    assert [text for page in texts for text in page] == [*[small] * (PIECE + 1), large, large]
    assert all(len(page) == 1 or sum(map(len, page)) <= PAGE_BYTES for page in texts)
    assert texts[-1] == [large]
