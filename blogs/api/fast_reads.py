"""Public reads: one query, and neither models nor DRF's request, user and negotiation.

The bytes are those that `PostSerializer` would give; a test compares the two field by field.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import APIException, NotFound

from accounts.authentication import authenticated_user
from blogs.api.pagination import ME, PostsPageSerializer, link_header, next_url, page_parameters, split_page
from blogs.etags import etag, known_version, matches
from blogs.models import ID_MAX, RUNNING, BlogPost

# The text of a version that the client has is not even read.
ONE = """
SELECT id, title, CASE WHEN version = %s THEN '' ELSE content END, owner_id, status, failure, progress, revision,
       created_at, updated_at, version
FROM blogs_blogpost WHERE id = %s
"""
FIELDS = ("id", "title", "content", "owner_id", "status", "failure", "progress", "revision", "created_at", "updated_at")
RETRY_AFTER = "2"  # seconds between two polls of an unfinished post
UTC = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z  # SQLite gives moments without their zone
View = Callable[..., HttpResponse]


class NoSuchPost(NotFound):
    default_detail = "There is no such post."


def with_public_reads(view: View, read: View) -> View:
    """Return `view` with its public reads answered by `read`.

    A read runs once: what it raises is handed to `view` as `refusal`, for DRF to answer.
    """

    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not is_public_read(request, kwargs):
            return view(request, **kwargs)
        try:
            return read(request, **kwargs)
        except (APIException, Error) as error:
            return view(request, refusal=error, **kwargs)

    return answer


def is_public_read(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """Return whether the answer depends on no user: true of all reads but the list of `owner=me`."""
    return request.method in ("GET", "HEAD") and ("pk" in kwargs or request.GET.get("owner") != ME)


def read_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with one post, or 304 to a client that has this version.

    Raises:
        NoSuchPost.
    """
    known = request.META.get("HTTP_IF_NONE_MATCH", "")
    *values, version = row_of(pk, known_version(known, pk))
    tag = etag(pk, version)
    if known and matches(known, tag):
        answer = HttpResponse(status=304)
        del answer.headers["Content-Type"]
    else:
        answer = json_answer({"blog": blog_of(values)})
    return with_headers(answer, {"ETag": tag} | polling_headers(values[4]))


def row_of(pk: int, known: int) -> tuple[Any, ...]:
    """Return the values of FIELDS and the version, without the text if `known` is that version.

    Raw SQL since the ORM takes far longer to build the statement than the database to run it: read and rendered, a post
    takes 46 us against 380 with `.values()` on SQLite, and 240 us against 670 on PostgreSQL (medians, interleaved).

    Raises:
        NoSuchPost.
    """
    if pk <= ID_MAX:
        with connection.cursor() as cursor:
            cursor.execute(ONE, [known, pk])
            if row := cursor.fetchone():
                return tuple(row)
    raise NoSuchPost


def blog_of(values: list[Any]) -> dict[str, Any]:
    blog = dict(zip(FIELDS, values, strict=True))
    for name in ("failure", "progress"):  # JSON as stored in the database
        if blog[name] is not None:
            blog[name] = orjson.Fragment(blog[name])
    return blog


def polling_headers(status: str) -> dict[str, str]:
    """Return the headers for clients that poll a post with this status."""
    return {"Cache-Control": "no-cache", "Retry-After": RETRY_AFTER} if status in RUNNING else {}


def list_posts(request: HttpRequest) -> HttpResponse:
    """Answer with one page of posts, newest first.

    Args:
        request: for `owner=me` DRF's, which has a user.

    Raises:
        ValidationError: a parameter is invalid.
        NotAuthenticated: `owner=me` without a user.
    """
    page = page_parameters(request.GET, PostsPageSerializer)
    blogs, more = split_page(posts_on_page(page, request), page["limit"])
    following = next_url(request.path, request.GET, blogs[-1]["id"]) if more else None
    answer = json_answer({"blogs": blogs, "next": following})
    return with_headers(answer, link_header(following))


def posts_on_page(page: dict[str, Any], request: HttpRequest) -> list[Any]:
    posts = BlogPost.objects.newest_first()
    if "after" in page:
        posts = posts.filter(id__lt=page["after"])
    if "owner" in page:
        posts = posts.filter(owner_id=authenticated_user(request).pk if page["owner"] == ME else page["owner"])
    if "status" in page:
        posts = posts.filter(status=page["status"])
    if "title" in page:
        posts = posts.filter(title__icontains=page["title"])
    return list(posts.values(*page.get("fields", FIELDS))[: page["limit"] + 1])


def with_headers(answer: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    for name, value in headers.items():
        answer.headers[name] = value
    return answer


def json_answer(body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(orjson.dumps(body, option=UTC), content_type="application/json")
