"""Public reads: one query, and neither models nor DRF's request, user and negotiation.

The bytes are those that `PostSerializer` would give; a test compares the two field by field.
"""

from collections.abc import Callable, Sequence
from functools import reduce, wraps
from operator import or_
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import Error, connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import APIException, NotFound

from accounts.authentication import authenticated_user
from blogs.api.pagination import (
    ME,
    RELEASED,
    Place,
    PostsPageSerializer,
    link_header,
    next_url,
    page_parameters,
    place_of,
    split_page,
)
from blogs.etags import NO_VERSION, known_version, public_etag, seen_before
from blogs.models import ID_MAX, RUNNING, BlogPost, BlogPostQuerySet, Revision
from blogs.models.folding import fold
from blogs.models.released_text import publishes_at_once

# The text of a version that the client has is not even read, nor one that readers do not see.
ONE = """
SELECT id, title, CASE WHEN version <> %s AND released_revision = revision THEN content ELSE '' END, owner_id, status,
       failure, progress, revision, created_at, updated_at, released_at, ai_disclosure, released_revision, version
FROM blogs_blogpost WHERE id = %s
"""
FIELDS = (
    "id", "title", "content", "owner_id", "status", "failure", "progress", "revision", "created_at", "updated_at",
    "released_at", "ai_disclosure",
)  # fmt: skip
COLUMNS = (*FIELDS, "released_revision", "version")
RELEASED_TEXT = "SELECT title, content FROM blogs_revision WHERE post_id = %s AND number = %s"
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
    version = known_version(known, pk)
    blog, tag = public_post(pk, version)
    if known and not seen_before(known, tag) and version != NO_VERSION:
        blog, tag = public_post(pk, NO_VERSION)  # the tag is that of a draft with another text
    if known and seen_before(known, tag):
        answer = HttpResponse(status=304)
        del answer.headers["Content-Type"]
    else:
        answer = json_answer({"blog": blog})
    return with_headers(answer, {"ETag": tag} | polling_headers(blog["status"]))


def public_post(pk: int, known: int) -> tuple[dict[str, Any], str]:
    """Return a post as readers see it, without its text if `known` is its version, and its tag.

    Raises:
        NoSuchPost.
    """
    blog = blog_of(COLUMNS, row_of(pk, known))
    released, version = blog.pop("released_revision"), blog.pop("version")
    shows_newest = released == blog["revision"] or (released is None and shows_title(blog["revision"]))
    if not shows_newest:
        text = ("", "") if released is None or version == known else released_text(pk, released)
        blog["title"], blog["content"] = text
        blog["revision"] = released or 0
    return blog, public_etag(pk, version, shows_newest=shows_newest)


def shows_title(revision: int) -> bool:
    """Whether readers see the title of a post of which they see no text: if it has none yet, and would be released."""
    return not revision and publishes_at_once()


def row_of(pk: int, known: int) -> tuple[Any, ...]:
    """Return the values of COLUMNS, without the text if `known` is the version or readers see another one.

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


def released_text(pk: int, number: int) -> tuple[str, str]:
    """Return title and text of a revision: a released one that is not the live text.

    Raises:
        NoSuchPost: it has just been deleted.
    """
    with connection.cursor() as cursor:
        cursor.execute(RELEASED_TEXT, [pk, number])
        if row := cursor.fetchone():
            return row[0], row[1]
    raise NoSuchPost


def blog_of(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    blog = dict(zip(names, values, strict=True))
    for name in ("failure", "progress"):  # JSON as stored in the database
        if blog.get(name) is not None:
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
    rows, more = split_page(posts_on_page(page, request), page["limit"])
    following = next_url(request.path, request.GET, place_after(rows[-1], page)) if more else None
    fields = page.get("fields", FIELDS)
    answer = json_answer({"blogs": public_posts(rows, fields), "next": following})
    return with_headers(answer, link_header(following))


def posts_on_page(page: dict[str, Any], request: HttpRequest) -> list[dict[str, Any]]:
    posts = in_order(BlogPost.objects.all(), page)
    if "owner" in page:
        posts = posts.filter(owner_id=authenticated_user(request).pk if page["owner"] == ME else page["owner"])
    if "status" in page:
        posts = posts.filter(status__in=page["status"])
    if "published" in page:
        posts = posts.released() if page["published"] == "true" else posts.unreleased()
    if "title" in page:
        posts = posts if publishes_at_once() else posts.released()
        posts = posts.filter(folded_title__contains=fold(page["title"]))
    names = dict.fromkeys([*page.get("fields", FIELDS), "id", "revision", "released_revision"])
    if page.get("order") == RELEASED:
        names["released_at"] = None
    return rows_of(posts[: page["limit"] + 1], tuple(names))


def rows_of(posts: BlogPostQuerySet, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return columns of posts as the database gives them: the ORM's conversions take a quarter of a list's time."""
    try:
        sql, values = posts.values_list(*names).query.get_compiler(using=posts.db).as_sql()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [blog_of(names, row) for row in cursor.fetchall()]


def in_order(posts: BlogPostQuerySet, page: dict[str, Any]) -> BlogPostQuerySet:
    """Return the posts in the page's order, from its place on."""
    place: Place | None = page.get("after")
    if page.get("order") != RELEASED:
        return posts.newest_first() if place is None else posts.newest_first().filter(id__lt=place.id)
    posts = posts.released().order_by("-released_at", "-id")
    if place is None:
        return posts
    moment = place.released_at or posts.filter(pk=place.id).values_list("released_at", flat=True).first()
    if moment is None:
        return posts.none()
    return posts.filter(released_at__lte=moment).filter(Q(released_at__lt=moment) | Q(id__lt=place.id))


def place_after(row: dict[str, Any], page: dict[str, Any]) -> int | str:
    return place_of(row["id"], row["released_at"]) if page.get("order") == RELEASED else int(row["id"])


def public_posts(rows: list[dict[str, Any]], fields: Sequence[str]) -> list[dict[str, Any]]:
    """Turn rows into the fields of posts as readers see them."""
    replaced = released_texts(rows, fields)
    for row in rows:
        released, revision = row["released_revision"], row["revision"]
        if released != revision:
            title = row.get("title") if released is None and shows_title(revision) else ""
            text = {"title": title, "content": "", "revision": released or 0} | replaced.get(row["id"], {})
            row.update((name, value) for name, value in text.items() if name in row)
        for name in row.keys() - fields:
            del row[name]
    return rows


def released_texts(rows: list[dict[str, Any]], fields: Sequence[str]) -> dict[int, dict[str, str]]:
    """Return what readers see of each post of which they do not see the live text, by the post's id."""
    differing = {row["id"]: row["released_revision"] for row in rows if row["released_revision"] != row["revision"]}
    wanted = [Q(post=pk, number=released) for pk, released in differing.items() if released is not None]
    names = {"title", "content"} & {*fields}
    if not (wanted and names):
        return {}
    texts = Revision.objects.filter(reduce(or_, wanted)).order_by().values("post_id", *names)
    return {text.pop("post_id"): text for text in texts}


def with_headers(answer: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    for name, value in headers.items():
        answer.headers[name] = value
    return answer


def json_answer(body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(orjson.dumps(body, option=UTC), content_type="application/json")
