"""Base of the admin pages about one post: URLs, permissions and layout."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.models import User
from accounts.refusals import Refusal
from blogs.models import ID_MAX, BlogPost
from blogs.roles import Action, may


def current_user(request: HttpRequest) -> User:
    """Return the user of an admin request."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class PostPages:
    """Args:
    post_admin: decides on permissions and on the posts that a user may see; writes Django's messages and log.
    """

    def __init__(self, post_admin: admin.ModelAdmin) -> None:
        self.admin = post_admin

    def url(self, route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        """Return a URL pattern below the posts' admin, for staff only."""
        return path(route, self.admin.admin_site.admin_view(self.explained(view)), name=name)

    def explained(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Return a view that answers a refusal with a message on the list or the post's page, or with JSON."""

        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except Refusal as refusal:
                return self.refused(request, refusal, **kwargs)

        return answer

    def refused(self, request: HttpRequest, refusal: Refusal, pk: int = 0, **kwargs: Any) -> HttpResponse:
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"detail": str(refusal)}, status=refusal.status)
        self.admin.message_user(request, str(refusal), messages.ERROR)
        page = ("change", [pk]) if pk else ("changelist", [])
        return HttpResponseRedirect(reverse(f"admin:blogs_blogpost_{page[0]}", args=page[1]))

    def find(self, request: HttpRequest, pk: int, *, with_texts: bool = False) -> BlogPost:
        """Return the post of a page that changes nothing.

        Args:
            with_texts: whether content and brief are shown; otherwise they are not read.

        Raises:
            Http404, PermissionDenied.
        """
        posts = self.admin.get_queryset(request).filter(pk=min(pk, ID_MAX))
        post: BlogPost | None = (posts.defer(None) if with_texts else posts).first()
        if post is None:
            raise Http404
        if not self.admin.has_view_permission(request, post):
            raise PermissionDenied
        return post

    def lock(self, request: HttpRequest, pk: int, action: Action = Action.CHANGE) -> BlogPost:
        """Return the post of a request that changes it, with its row locked.

        Args:
            action: that the user must have a right to.

        Raises:
            Http404, PermissionDenied.
        """
        post: BlogPost | None = self.admin.get_queryset(request).select_for_update().filter(pk=min(pk, ID_MAX)).first()
        if post is None:
            raise Http404
        if not may(current_user(request), action, post):
            raise PermissionDenied
        return post

    def may_change(self, request: HttpRequest, post: BlogPost) -> bool:
        return self.admin.has_change_permission(request, post)

    def back_to_history(
        self, request: HttpRequest, post: BlogPost, message: str, level: int = messages.SUCCESS
    ) -> HttpResponse:
        """Redirect to the post's history with a message: what was done, or why nothing was."""
        self.admin.message_user(request, message, level)
        return HttpResponseRedirect(reverse("admin:blogs_blogpost_history", args=[post.pk]))

    def render(
        self, request: HttpRequest, post: BlogPost, template: str, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        """Return a page about a post, with DNS prefetching off: hosts are looked up when a link is followed."""
        about = {"title": title, "subtitle": str(post), "object": post, "opts": self.admin.opts}
        everything = {**self.admin.admin_site.each_context(request), **about, **context}
        return TemplateResponse(request, template, everything, headers={"X-DNS-Prefetch-Control": "off"})
