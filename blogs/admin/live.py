"""Live updates: the list and a post's page poll about once a second, and get a body only when it has changed."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from blogs.admin import columns
from blogs.admin.panels import Panel, panels_of
from blogs.etags import matches
from blogs.models import ID_MAX, RUNNING, BlogPost

IDS_MAX = 200  # as many as a list can show
BAD_IDS = f"`ids` must be up to {IDS_MAX} numbers, separated by commas."


class LivePanel(Panel):
    def urls(self) -> list[URLPattern]:
        return [
            self.pages.url("live/", require_safe(self.live_list), "blogs_blogpost_live_list"),
            self.pages.url("<int:pk>/live/", require_safe(self.live_post), "blogs_blogpost_live"),
        ]

    def slots(self, request: HttpRequest, post: BlogPost) -> dict[str, SafeString | str]:
        return {"state": format_html("{} {}", columns.state(post), columns.changed(post))}

    def live_list(self, request: HttpRequest) -> HttpResponse:
        """Answer with the columns of the posts whose `ids` are given, as the list shows them."""
        if not self.pages.admin.has_view_permission(request):
            raise PermissionDenied
        try:
            ids = wanted_ids(request.GET.get("ids", ""))
        except ValueError:
            return JsonResponse({"detail": BAD_IDS}, status=400)
        posts = list(self.pages.admin.get_queryset(request).filter(pk__in=ids).order_by("pk"))
        tag = tag_of(posts)
        panels = panels_of(self.pages)
        shown = {post.pk: columns.live(post, panels) for post in posts}
        return not_modified(request, tag) or answer({"posts": shown}, tag)

    def live_post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer with what a post's page shows; with the live text if it is not the `revision` that the page has."""
        post = self.pages.find(request, pk)
        has, so_far = request.GET.get("revision"), self.text_under_way(post)
        tag = f'"{post.pk}-{post.version}-{len(so_far)}"'  # the text grows without a new version of the post
        return not_modified(request, tag) or answer(
            self.state(request, post, so_far)
            | {"text": None if has == str(post.revision) else {"title": post.title, "content": post.content}},
            tag,
        )

    def page_context(self, request: HttpRequest, post: BlogPost) -> dict[str, Any]:
        """Return what the template of a post's page needs to render the same, and to start polling."""
        live_url = reverse("admin:blogs_blogpost_live", args=[post.pk])
        return self.state(request, post, self.text_under_way(post)) | {"live_url": live_url}

    def state(self, request: HttpRequest, post: BlogPost, so_far: str) -> dict[str, Any]:
        slots: dict[str, SafeString | str] = {}
        for panel in panels_of(self.pages):
            slots |= panel.slots(request, post)
        return {"running": post.status in RUNNING, "revision": post.revision, "slots": slots, "so_far": so_far}

    def text_under_way(self, post: BlogPost) -> str:
        return "".join(panel.text_so_far(post) for panel in panels_of(self.pages))


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
    if matches(request.headers.get("If-None-Match", ""), tag):
        return HttpResponse(status=304, headers={"ETag": tag})
    return None


def answer(body: dict[str, Any], tag: str) -> HttpResponse:
    return JsonResponse(body, headers={"ETag": tag})
