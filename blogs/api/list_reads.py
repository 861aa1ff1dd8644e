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
from blogs.api.fast_reads import FIELDS, blog_of, column, json_answer, shows_title, with_headers
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
BOUNDED = "SELECT {columns} FROM ({page}) page WINDOW so_far AS (ROWS UNBOUNDED PRECEDING)"
BY_KEYS = "SELECT {columns} FROM blogs_blogpost WHERE id IN ({keys}) ORDER BY id DESC LIMIT {limit}"


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
    posts, statuses = in_order(BlogPost.objects.all(), page), page.get("status", [])
    if "owner" in page:
        posts = posts.filter(owner_id=authenticated_user(request).pk if page["owner"] == ME else page["owner"])
    if "published" in page:
        posts = posts.released() if page["published"] == "true" else posts.unreleased()
    if "title" in page:
        posts = posts if publishes_at_once() else posts.released()
        posts = posts.filter(folded_title__contains=fold(page["title"]))
    names = dict.fromkeys(["id", *page.get("fields", FIELDS), "revision", "released_revision"])
    if page.get("order") == RELEASED:
        names["released_at"] = None
        return rows_of([posts.filter(status__in=statuses) if statuses else posts], tuple(names), page["limit"])
    if page.get("published") == "false":
        posts = posts.order_by("-released_at", "-id")  # that of the ids, since none has a moment; an index has both
    parts = [posts.filter(status=status) for status in dict.fromkeys(statuses)] or [posts]
    is_search = "title" in page or page.get("published") == "false"
    return rows_of(parts, tuple(names), page["limit"], is_search=is_search)


def rows_of(
    parts: Sequence[BlogPostQuerySet], names: tuple[str, ...], limit: int, *, is_search: bool = False
) -> tuple[Rows, bool]:
    """Return columns of posts as the database gives them: the ORM's conversions take a quarter of a list's time.

    Args:
        parts: of which the posts are; if there are several, newest first.
        names: of the columns, `id` first.
        limit: how many at most; fewer if their texts pass PAGE_BYTES. Whether more follow is returned too.
        is_search: whether an index has all that they are found by, newest first.
    """
    try:
        sql, values = statement_of(parts, names, limit + 1, is_search)
    except EmptyResultSet:
        return [], False
    rows: Rows = []
    read = 0
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if "content" not in names:
            found = cursor.fetchall()
            return [blog_of(names, row) for row in found[:limit]], len(found) > limit
        for row in cursor.fetchall() if connection.vendor == "postgresql" else cursor:
            if len(rows) == limit or read > PAGE_BYTES:
                return rows, True
            rows.append(blog_of(names, row))
            read += size_of(rows[-1])
    return rows, False


def statement_of(
    parts: Sequence[BlogPostQuerySet], names: Sequence[str], limit: int, is_search: bool
) -> tuple[str, list[Any]]:
    """Return one statement for the first posts of the parts, and its values.

    The ORM selects the keys alone: it takes longer for the columns than for all else. Of several parts, and in SQLite
    of a search, the keys are looked for first: each part has an index in the posts' order, where a database may go
    through all posts for several at once; and SQLite's rows have the texts between key and title.

    Raises:
        EmptyResultSet: there are none.
    """
    is_postgresql, columns = connection.vendor == "postgresql", ", ".join(names)
    compiled = [part[:limit].values_list("id").query.get_compiler(using=part.db).as_sql() for part in parts]
    sources = [sql.partition(" FROM ")[2] for sql, _ in compiled]  # their order may name the first column by its place
    if len(parts) > 1 or (is_search and not is_postgresql):
        keys = " UNION ALL ".join(f"SELECT id FROM (SELECT id FROM {source}) part" for source in sources)  # noqa: S608
        sql = BY_KEYS.format(columns=columns, keys=keys, limit=limit)
    else:
        sql = f"SELECT {columns} FROM {sources[0]}"  # noqa: S608
    if is_postgresql:
        sql = BOUNDED.format(columns=", ".join(TEXT if name == "content" else column(name) for name in names), page=sql)
    return sql, [value for _, values in compiled for value in values]


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
    if not (rows and "content" in rows[0]):
        return len(rows)
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
    others = [*(rows[0].keys() - fields if rows else ())]
    for row in rows:
        released, revision = row["released_revision"], row["revision"]
        if released != revision:
            title = row.get("title") if released is None and shows_title(revision) else ""
            text = {"title": title, "content": "", "revision": released or 0} | replaced.get(row["id"], {})
            row.update((name, value) for name, value in text.items() if name in row)
        for name in others:
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
