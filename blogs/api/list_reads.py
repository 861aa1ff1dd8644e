"""Public lists of posts: one query for a page, and one more for released texts that are not the newest."""

from collections.abc import Sequence
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
    RELEASED,
    Place,
    PostsPageSerializer,
    link_header,
    next_url,
    page_parameters,
    place_of,
    split_page,
)
from blogs.models import BlogPost, BlogPostQuerySet, Revision
from blogs.models.folding import fold
from blogs.models.released_text import publishes_at_once


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
