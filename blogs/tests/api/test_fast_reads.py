"""Public reads: each runs once, however it ends, and answers what the serializer would give."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import CodeType, FrameType
from typing import Any

import orjson
import pytest
from django.db import InterfaceError, OperationalError, connection
from rest_framework.renderers import JSONRenderer

from accounts.tests.baker_recipes import writer
from blogs.api import fast_reads, list_reads
from blogs.api.serializers import PostSerializer
from blogs.models import BlogPost, Status
from blogs.tests.baker_recipes import failed_post, finished_post, waiting_post

pytestmark = pytest.mark.django_db

POSTS = {
    "finished": finished_post,
    "failed": failed_post,
    "in progress": finished_post.extend(
        status=Status.IN_PROGRESS, progress={"stage": "write", "done": 2, "total": 5}, version=2**40
    ),
    "other alphabets": finished_post.extend(title='Čaj "茶" \\ 🍵', content="\u2028 a\r\nb\t\x01 \ud7ff"),
    "a whole second": finished_post.extend(created_at=datetime(2026, 1, 2, 3, 4, 5, 0, UTC)),
    "a tenth": finished_post.extend(updated_at=datetime(2026, 1, 2, 3, 4, 5, 100_000, UTC)),
    "a failure in other alphabets": failed_post.extend(
        failure={"code": "refused", "message": '"茶" 🍵 \\', "retryable": False, "attempts": 1}
    ),
    "an empty one": waiting_post,
}


def serialized(post: BlogPost) -> Any:
    return orjson.loads(JSONRenderer().render(PostSerializer(post).data))


def test_the_fields_are_those_of_the_serializer():
    assert PostSerializer.Meta.fields == fast_reads.FIELDS


@pytest.mark.parametrize("name", POSTS)
def test_one_post_reads_as_the_serializer_gives_it(api, name):
    post = POSTS[name].make()
    post.refresh_from_db()

    blog = api.get(f"/api/v1/blogs/{post.pk}").json()["blog"]

    assert list(blog) == list(serialized(post))
    assert blog == serialized(post)


def test_a_list_reads_as_the_serializer_gives_it(api):
    posts = [recipe.make() for recipe in POSTS.values()]
    for post in posts:
        post.refresh_from_db()

    blogs = api.get("/api/v1/blogs").json()["blogs"]

    assert blogs == [serialized(post) for post in reversed(posts)]


def test_head_answers_like_get(api):
    post = finished_post.make()

    head, get = (getattr(api, method)(f"/api/v1/blogs/{post.pk}") for method in ("head", "get"))

    assert (head.status_code, head["ETag"], head.content) == (200, get["ETag"], b"")
    assert api.head("/api/v1/blogs/999").status_code == 404


def test_a_client_gets_json_whatever_it_accepts(api):
    for path in ("/api/v1/blogs", f"/api/v1/blogs/{finished_post.make().pk}", "/healthz"):
        answer = api.get(path, headers={"Accept": "text/html"})

        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


READS = {fast_reads.read_post.__code__, list_reads.list_posts.__code__}


@contextmanager
def counted_reads() -> Iterator[list[CodeType]]:
    """Yield a list of the reads that run in this block."""
    runs: list[CodeType] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code in READS:
            runs.append(frame.f_code)

    sys.setprofile(note)
    try:
        yield runs
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    ("path", "code", "queries"),
    [
        ("/{pk}", 200, 1),
        ("/999", 404, 1),
        (f"/{2**63}", 404, 0),
        ("", 200, 1),
        ("?limit=0", 400, 0),
        ("?limit=0&owner=me", 400, 0),
        ("?owner=me", 401, 0),
    ],
)
def test_a_read_runs_once_however_it_ends(api, django_assert_num_queries, method, path, code, queries):
    address = "/api/v1/blogs" + path.format(pk=finished_post.make().pk)

    with django_assert_num_queries(queries), counted_reads() as runs:
        answer = getattr(api, method)(address)

    assert (answer.status_code, len(runs)) == (code, 1)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("path", ["", "/1"])
def test_a_read_is_not_tried_again_without_its_database(api, error, path):
    statements = []

    def refuse(execute, sql, *args):
        statements.append(sql)
        raise error("could not connect")

    with connection.execute_wrapper(refuse), counted_reads() as runs:
        answer = api.get(f"/api/v1/blogs{path}")

    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert (len(statements), len(runs)) == (1, 1)


def test_owner_me_reads_the_user_and_then_the_list_once(as_user, django_assert_num_queries):
    client = as_user(writer.make())

    with django_assert_num_queries(2), counted_reads() as runs:
        answer = client.get("/api/v1/blogs?owner=me")

    assert (answer.json(), len(runs)) == ({"blogs": [], "next": None}, 1)


@pytest.mark.parametrize("path", ["?limit=0", "/999", "?owner=me"])
def test_a_rejected_read_has_the_headers_of_any_rejection(api, path):
    address = f"/api/v1/blogs{path}"

    refused, other = api.get(address), api.generic("BREW", address)

    assert refused["Content-Type"] == "application/problem+json"
    assert refused["Allow"] == other["Allow"]


def test_a_read_of_one_post_ignores_the_token_however_it_ends(api):
    api.credentials(HTTP_AUTHORIZATION="Bearer nonsense")

    codes = [api.get(f"/api/v1/blogs/{pk}?owner=me").status_code for pk in (finished_post.make().pk, 999)]

    assert codes == [200, 404]
