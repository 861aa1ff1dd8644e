"""A post's past in the admin: every text that was live, what changed between two, and the way back to one."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blogs.admin.base import PostPages
from blogs.models import ID_MAX, BlogPost, Revision
from blogs.text.diff import diff
from blogs.text.markdown import render

PAGE = 50  # revisions
reads_or_sends = require_http_methods(["GET", "HEAD", "POST"])
TEMPLATES = "admin/blogs/blogpost"
NEWER = "A newer text went live meanwhile (revision {live}). Nothing was changed: look at it first."


class Choice(forms.Form):
    """Which revision is meant, and which one was live when that was decided."""

    number = forms.IntegerField(min_value=1, max_value=ID_MAX)
    seen = forms.IntegerField(min_value=0, max_value=ID_MAX)


class Pair(forms.Form):
    """Which two revisions are compared."""

    old = forms.IntegerField(min_value=1, max_value=ID_MAX)
    new = forms.IntegerField(min_value=1, max_value=ID_MAX)


@dataclass(frozen=True)
class Row:
    """A revision as the history shows it."""

    revision: Revision
    facts: dict[str, str]


class PostHistory(PostPages):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/compare/", view(require_safe(self.compare_view)), name="blogs_blogpost_compare"),
            path("<int:pk>/preview/", view(reads_or_sends(self.preview_view)), name="blogs_blogpost_preview"),
            path("<int:pk>/restore/", view(require_POST(self.restore_view)), name="blogs_blogpost_restore"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the texts of a post above what Django noted about it."""
        post = self.get_object(request, unquote(object_id))
        more = self.history_context(request, post) if post and self.has_view_permission(request, post) else {}
        return super().history_view(request, object_id, more | (extra_context or {}))

    def history_context(self, request: HttpRequest, post: BlogPost) -> dict[str, Any]:
        page = Paginator(self.revisions(post), PAGE).get_page(request.GET.get("page"))
        return {
            "rows": [Row(revision, self.revision_facts(revision)) for revision in page],
            "page": page,
            "may_change": self.has_change_permission(request, post),
            "sections": self.history_sections(request, post),
        }

    def revisions(self, post: BlogPost) -> QuerySet[Revision]:
        """Return a post's revisions without their texts; rooms that tell more of them join it here."""
        return post.revisions.select_related("author").annotate(length=Length("content")).defer("content")

    def revision_facts(self, revision: Revision) -> dict[str, str]:
        """Return further columns by their headings, the same ones for all; rooms that know more add theirs."""
        return {}

    def history_sections(self, request: HttpRequest, post: BlogPost) -> dict[str, SafeString]:
        """Return what stands `above` and `below` the texts; rooms that know more put it there."""
        return {}

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show word by word what changed from one revision to another."""
        post = self.shown(request, pk)
        numbers = list(post.revisions.values_list("number", flat=True))
        wanted = Pair({"old": request.GET.get("old", post.revision - 1), "new": request.GET.get("new", post.revision)})
        if not wanted.is_valid() or not {*wanted.cleaned_data.values()} <= {*numbers}:
            return self.back(request, post, "Two revisions of this post are needed to compare.", messages.WARNING)
        old, new = (post.revisions.get(number=wanted.cleaned_data[side]) for side in ("old", "new"))
        context = {
            "old": old,
            "new": new,
            "pair": (old, new),
            "numbers": numbers,
            "heading": diff(old.title, new.title),
            "text": diff(old.content, new.content),
            "may_change": self.has_change_permission(request, post),
        }
        return self.answer(request, post, "compare.html", "Compare", context)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a text as readers would see it: the live one, that of another `revision`, or what a form sends."""
        post = self.shown(request, pk)
        if request.method == "POST":
            return self.preview(request, post, request.POST.get("title", ""), request.POST.get("content", ""), None)
        number = request.GET.get("revision")
        if number is None:
            return self.preview(request, post, post.title, post.content, post.revision)
        revision = post.revisions.filter(number=number).first() if number.isdecimal() and len(number) < 10 else None
        if revision is None:
            return self.back(request, post, "This post has no such revision.", messages.WARNING)
        return self.preview(request, post, revision.title, revision.content, revision.number)

    def preview(self, request: HttpRequest, post: BlogPost, title: str, text: str, number: int | None) -> HttpResponse:
        context = {"heading": title, "html": render(text), "number": number}
        return self.answer(request, post, "preview.html", "Preview", context)

    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make an earlier text the live one again, unless another than the one that was seen is live by now."""
        user: Any = request.user
        wanted = Choice(request.POST)
        with transaction.atomic():
            post = self.changeable(request, pk)
            revision = (
                post.revisions.filter(number=wanted.cleaned_data["number"]).first() if wanted.is_valid() else None
            )
            if revision is None:
                return self.back(request, post, "This post has no such revision.", messages.WARNING)
            if wanted.cleaned_data["seen"] != post.revision:
                return self.back(request, post, NEWER.format(live=post.revision), messages.WARNING)
            if revision.number == post.revision:
                return self.back(
                    request, post, f"{str(revision).capitalize()} is the live text already.", messages.WARNING
                )
            restored = post.restore(revision, author=user)
            self.log_change(request, post, f"Restored {revision}.")
        return self.back(request, post, f"{str(revision).capitalize()} is live again, as revision {restored.number}.")

    def back(self, request: HttpRequest, post: BlogPost, words: str, level: int = messages.SUCCESS) -> HttpResponse:
        """Say what was done, or why not, on the history's page."""
        self.message_user(request, words, level)
        return HttpResponseRedirect(reverse("admin:blogs_blogpost_history", args=[post.pk]))

    def answer(
        self, request: HttpRequest, post: BlogPost, template: str, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        """Return a page about a post. No host is looked up for the links in a text before somebody follows one."""
        about = {"title": title, "subtitle": str(post), "object": post, "opts": self.opts}
        template = template if "/" in template else f"{TEMPLATES}/{template}"
        everything = {**self.admin_site.each_context(request), **about, **context}
        return TemplateResponse(request, template, everything, headers={"X-DNS-Prefetch-Control": "off"})
