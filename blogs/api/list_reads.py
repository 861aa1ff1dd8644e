"""Public lists of posts: one query for a page, and one more for released texts that are not the newest."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from accounts.authentication import authenticated_user
from blogs.api.fast_reads import FIELDS, blog_of, json_answer, shows_title, with_headers
from blogs.api.pagination import (
    ME,
    PAGE_BYTES,
    RELEASED,
    Place,
    PostsPageSerializer,
    link_header,
    next_url,
    page_parameters,
    place_of,
)
from blogs.models import BlogPost, BlogPostQuerySet, Revision
from blogs.models.folding import fold
from blogs.models.released_text import publishes_at_once

Rows = list[dict[str, Any]]
Texts = dict[int, dict[str, str]]
PIECE = 20  # released texts that are read at once
# PostgreSQL sends all rows before the first one is looked at: after those that fit, without their texts.
TEXT = (
    f"CASE WHEN SUM(OCTET_LENGTH(content)) OVER so_far - OCTET_LENGTH(content) <= {PAGE_BYTES} THEN content ELSE '' END"
)
BOUNDED = "SELECT {names} FROM ({page}) page WINDOW so_far AS (ROWS UNBOUNDED PRECEDING)"


def list_posts(request: HttpRequest) -> HttpResponse:
    """Answer with one page of posts, newest first.

    Args:
        request: for `owner=me` DRF's, which has a user.

    Raises:
        ValidationError: a parameter is invalid.
        NotAuthenticated: `owner=me` without a user.
    """
    page = page_parameters(request.GET, PostsPageSerializer)
    fields = page.get("fields", FIELDS)
    rows, more = posts_on_page(page, request)
    replaced = released_texts(rows, fields)
    number = how_many_fit(rows, replaced)
    more, rows = more or number < len(rows), rows[:number]
    following = next_url(request.path, request.GET, place_after(rows[-1], page)) if more else None
    answer = json_answer({"blogs": public_posts(rows, replaced, fields), "next": following})
    return with_headers(answer, link_header(following))


def posts_on_page(page: dict[str, Any], request: HttpRequest) -> tuple[Rows, bool]:
    """Return the posts with their newest texts, as many as fit, and whether more follow."""
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
    return rows_of(posts, tuple(names), page["limit"])


def rows_of(posts: BlogPostQuerySet, names: tuple[str, ...], limit: int) -> tuple[Rows, bool]:
    """Return columns of posts as the database gives them: the ORM's conversions take a quarter of a list's time.

    Args:
        limit: how many at most; fewer if their texts pass PAGE_BYTES. Whether more follow is returned too.
    """
    try:
        sql, values = posts[: limit + 1].values_list(*names).query.get_compiler(using=posts.db).as_sql()
    except EmptyResultSet:
        return [], False
    if connection.vendor == "postgresql" and "content" in names:
        sql = BOUNDED.format(names=", ".join(names).replace("content", TEXT), page=sql)
    rows: Rows = []
    read = 0
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for row in cursor:
            if len(rows) == limit or read > PAGE_BYTES:
                return rows, True
            rows.append(blog_of(names, row))
            read += size_of(rows[-1])
    return rows, False


def size_of(text: Mapping[str, Any]) -> int:
    return len(text.get("content", "").encode())


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


def how_many_fit(rows: Rows, replaced: Texts) -> int:
    """Return how many posts, one at least, have texts that readers see of PAGE_BYTES together."""
    read = 0
    for number, row in enumerate(rows):
        read += size_of(replaced.get(row["id"], {} if shows_another(row) else row))
        if number and read > PAGE_BYTES:
            return number
    return len(rows)


def public_posts(rows: Rows, replaced: Texts, fields: Sequence[str]) -> Rows:
    """Turn rows into the fields of posts as readers see them.

    Args:
        replaced: of `released_texts`.
    """
    for row in rows:
        released, revision = row["released_revision"], row["revision"]
        if released != revision:
            title = row.get("title") if released is None and shows_title(revision) else ""
            text = {"title": title, "content": "", "revision": released or 0} | replaced.get(row["id"], {})
            row.update((name, value) for name, value in text.items() if name in row)
        for name in row.keys() - fields:
            del row[name]
    return rows


def shows_another(row: Mapping[str, Any]) -> bool:
    """Whether readers do not see the newest text."""
    return bool(row["released_revision"] != row["revision"])


def released_texts(rows: Rows, fields: Sequence[str]) -> Texts:
    """Return what readers see of each post of which they do not see the newest text, by the post's id.

    They are read in pieces, until they pass PAGE_BYTES: the post whose text passes them is the last one.
    """
    wanted = [row for row in rows if shows_another(row) and row["released_revision"] is not None]
    names = {"title", "content"} & {*fields}
    found: Texts = {}
    if not names:
        return found
    for start in range(0, len(wanted), PIECE):
        keys = [Q(post=row["id"], number=row["released_revision"]) for row in wanted[start : start + PIECE]]
        texts = Revision.objects.filter(reduce(or_, keys)).order_by().values("post_id", *names)
        found |= {text.pop("post_id"): text for text in texts}
        if sum(map(size_of, found.values())) > PAGE_BYTES:
            break
    return found
