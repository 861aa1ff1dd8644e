"""Answers for the admin's pages that keep themselves up to date: staff only, and only what has changed."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from blogs.admin import columns
from blogs.admin.base import PostPages
from blogs.etags import seen_before
from blogs.models import ID_MAX, RUNNING, BlogPost

IDS_MAX = 200  # as many as a list can show


class LivePosts(PostPages):
    """Two addresses of the posts' admin: the state of those that a list shows, and all of one post."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("live/", view(require_safe(self.live_list)), name="blogs_blogpost_live_list"),
            path("<int:pk>/live/", view(require_safe(self.live_post)), name="blogs_blogpost_live"),
            *super().get_urls(),
        ]

    def live_list(self, request: HttpRequest) -> HttpResponse:
        """Answer with the cells of the posts whose `ids` are given, as the list shows them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            ids = wanted_ids(request.GET.get("ids", ""))
        except ValueError:
            return JsonResponse({"detail": f"`ids` must be up to {IDS_MAX} numbers, with commas."}, status=400)
        posts = list(self.get_queryset(request).filter(pk__in=ids).order_by("pk"))
        tag = tag_of(posts)
        return not_modified(request, tag) or answer({"posts": {post.pk: self.row(post) for post in posts}}, tag)

    def row(self, post: BlogPost) -> dict[str, SafeString]:
        """Return what a list shows of a post, by the names of its columns."""
        return {"state": columns.state_in_list(post), "changed": columns.changed(post)}

    def live_post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer with what a post's page shows; with the live text if it is not the `revision` that the page has."""
        post = self.get_queryset(request).filter(pk=pk).defer("content", "brief").first() if pk <= ID_MAX else None
        if post is None:
            return JsonResponse({"detail": "There is no such post."}, status=404)
        if not self.has_view_permission(request, post):
            raise PermissionDenied
        has, so_far = request.GET.get("revision"), self.text_so_far(post)
        tag = f'"{post.pk}-{post.version}-{len(so_far)}"'  # the text grows without a new version of the post
        return not_modified(request, tag) or answer(
            {
                "running": post.status in RUNNING,
                "revision": post.revision,
                "slots": self.slots(request, post),
                "so_far": so_far,
                "text": None if has == str(post.revision) else {"title": post.title, "content": post.content},
            },
            tag,
        )

    def live_context(self, request: HttpRequest, post: BlogPost) -> dict[str, Any]:
        """Return what the template of a post's page needs to show the same, and to go on from there."""
        return {
            "live_url": reverse("admin:blogs_blogpost_live", args=[post.pk]),
            "running": post.status in RUNNING,
            "revision": post.revision,
            "slots": self.slots(request, post),
            "so_far": self.text_so_far(post),
        }

    def slots(self, request: HttpRequest, post: BlogPost) -> dict[str, SafeString | str]:
        """Return the parts of a post's panel; rooms that know more add theirs to `super().slots(...)`."""
        return {"state": format_html("{} {}", columns.state(post), columns.changed(post))}

    def text_so_far(self, post: BlogPost) -> str:
        """Return what is written of the text that is under way; rooms that know of it say so."""
        return ""


def wanted_ids(text: str) -> list[int]:
    """Return the ids in `text`.

    Raises:
        ValueError: it holds something else, or too many.
    """
    ids = [int(number) for number in text.split(",") if number]
    if len(ids) > IDS_MAX or any(not 0 < number <= ID_MAX for number in ids):
        raise ValueError(text)
    return ids


def tag_of(posts: Iterable[BlogPost]) -> str:
    versions = ",".join(f"{post.pk}-{post.version}" for post in posts)
    return f'"{hashlib.sha256(versions.encode()).hexdigest()[:32]}"'


def not_modified(request: HttpRequest, tag: str) -> HttpResponse | None:
    if seen_before(request.headers.get("If-None-Match", ""), tag):
        return HttpResponse(status=304, headers={"ETag": tag})
    return None


def answer(body: dict[str, Any], tag: str) -> HttpResponse:
    return JsonResponse(body, headers={"ETag": tag})
