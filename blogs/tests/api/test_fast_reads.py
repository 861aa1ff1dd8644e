"""The short way of reading against the serializer, field by field."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from rest_framework.renderers import JSONRenderer

from blogs.api import fast_reads
from blogs.api.serializers import PostSerializer
from blogs.models import BlogPost, Status
from blogs.tests.baker_recipes import failed_post, finished_post

pytestmark = pytest.mark.django_db

POSTS = {
    "finished": finished_post,
    "failed": failed_post,
    "under way": finished_post.extend(
        status=Status.IN_PROGRESS, progress={"stage": "write", "done": 2, "total": 5}, version=2**40
    ),
    "other alphabets": finished_post.extend(title='Čaj "茶" \\ 🍵', content="\u2028 a\r\nb\t\x01 \ud7ff"),
    "a whole second": finished_post.extend(created_at=datetime(2026, 1, 2, 3, 4, 5, 0, UTC)),
    "a tenth": finished_post.extend(updated_at=datetime(2026, 1, 2, 3, 4, 5, 100_000, UTC)),
    "a failure in other alphabets": failed_post.extend(
        failure={"code": "refused", "message": '"茶" 🍵 \\', "retryable": False, "attempts": 1}
    ),
    "an empty one": finished_post.extend(content="", revision=0, status=Status.PENDING),
}


def by_the_book(post: BlogPost) -> Any:
    return orjson.loads(JSONRenderer().render(PostSerializer(post).data))


def test_both_ways_have_the_same_fields():
    assert PostSerializer.Meta.fields == fast_reads.FIELDS


@pytest.mark.parametrize("name", POSTS)
def test_one_post_reads_as_the_serializer_gives_it(api, name):
    post = POSTS[name].make()
    post.refresh_from_db()

    blog = api.get(f"/api/v1/blogs/{post.pk}").json()["blog"]

    assert list(blog) == list(by_the_book(post))
    assert blog == by_the_book(post)


def test_a_list_reads_as_the_serializer_gives_it(api):
    posts = [recipe.make() for recipe in POSTS.values()]
    for post in posts:
        post.refresh_from_db()

    blogs = api.get("/api/v1/blogs").json()["blogs"]

    assert blogs == [by_the_book(post) for post in reversed(posts)]


def test_head_answers_like_get(api):
    post = finished_post.make()

    head, get = (getattr(api, method)(f"/api/v1/blogs/{post.pk}") for method in ("head", "get"))

    assert (head.status_code, head["ETag"], head.content) == (200, get["ETag"], b"")
    assert api.head("/api/v1/blogs/999").status_code == 404


def test_whatever_a_client_accepts_it_gets_json(api):
    for path in ("/api/v1/blogs", f"/api/v1/blogs/{finished_post.make().pk}", "/healthz"):
        answer = api.get(path, headers={"Accept": "text/html"})

        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
