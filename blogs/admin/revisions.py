"""Pages about the revisions of a post: preview one, compare two, restore or delete one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.text import normalize_newlines
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blogs.admin.marks import marks_context, marks_on
from blogs.admin.panels import Panel, Tool
from blogs.models import ID_MAX, BlogPost, Revision, RevisionNeeded, RevisionsFull
from blogs.models.visible import InvisibleTitle
from blogs.roles import Action
from blogs.text.diff import diff
from blogs.text.markdown import render

NO_PAIR = "Choose two revisions of this post to compare."
NO_REVISION = "This post has no such revision."
NEWER = "A newer text went live in the meantime (revision {live}). Nothing was changed; review it first."
LIVE_ALREADY = "The text of revision {number} is already live."
RESTORED = "Revision {number} restored as revision {live}."
RESTORED_NOTE = "Restored revision {number}."
DELETED = "Deleted revision {number}."
UNSAVED = "Unsaved form contents."


class Pair(forms.Form):
    """Which two revisions are compared."""

    old = forms.IntegerField(min_value=1, max_value=ID_MAX)
    new = forms.IntegerField(min_value=1, max_value=ID_MAX)


class Deletion(forms.Form):
    """Which revision is deleted."""

    number = forms.IntegerField(min_value=1, max_value=ID_MAX)


class Choice(Deletion):
    """Which revision is restored, and which one was live when that was decided."""

    seen = forms.IntegerField(min_value=0, max_value=ID_MAX)


class ComparePanel(Panel):
    def urls(self) -> list[URLPattern]:
        return [self.pages.url("<int:pk>/compare/", require_safe(self.compare), "blogs_blogpost_compare")]

    def compare(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show word by word what changed from one revision to another."""
        post = self.pages.find(request, pk)
        numbers = list(post.revisions.values_list("number", flat=True))
        before = next((number for number in numbers if number < post.revision), 0)
        pair = Pair({"old": request.GET.get("old", before), "new": request.GET.get("new", post.revision)})
        if not pair.is_valid() or not {*pair.cleaned_data.values()} <= {*numbers}:
            return self.pages.back_to_history(request, post, NO_PAIR, messages.WARNING)
        old, new = (post.revisions.get(number=pair.cleaned_data[side]) for side in ("old", "new"))
        marks = marks_on(self.pages, post, new.content, new.number)
        context = {
            "old": old,
            "new": new,
            "pair": (old, new),
            "numbers": numbers,
            "heading": diff(old.title, new.title),
            "text": diff(old.content, new.content, marks),
            "may_change": self.pages.may_change(request, post),
            **marks_context(marks),
        }
        return self.pages.render(request, post, "admin/blogs/blogpost/compare.html", "Compare", context)


class PreviewPanel(Panel):
    def urls(self) -> list[URLPattern]:
        view = require_http_methods(["GET", "HEAD", "POST"])(self.preview)
        return [self.pages.url("<int:pk>/preview/", view, "blogs_blogpost_preview")]

    def tools(self, request: HttpRequest, post: BlogPost) -> list[Tool]:
        return [Tool("Preview", reverse("admin:blogs_blogpost_preview", args=[post.pk]))]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a text as readers would see it: the live one, that of another `revision`, or what a form sends."""
        post = self.pages.find(request, pk, with_texts=True)
        if request.method == "POST":
            text = normalize_newlines(request.POST.get("content", ""))
            return self.page(request, post, request.POST.get("title", ""), text, None)
        number = request.GET.get("revision")
        if number is None:
            return self.page(request, post, post.title, post.content, post.revision)
        revision = revision_of(post, int(number)) if number.isdecimal() and len(number) < 10 else None
        if revision is None:
            return self.pages.back_to_history(request, post, NO_REVISION, messages.WARNING)
        return self.page(request, post, revision.title, revision.content, revision.number)

    def page(self, request: HttpRequest, post: BlogPost, title: str, text: str, number: int | None) -> HttpResponse:
        marks = marks_on(self.pages, post, text, number)
        about = {"heading": title, "html": render(text, marks), "caption": caption(post, number)}
        context = about | marks_context(marks)
        return self.pages.render(request, post, "admin/blogs/blogpost/preview.html", "Preview", context)


class RestorePanel(Panel):
    def urls(self) -> list[URLPattern]:
        return [self.pages.url("<int:pk>/restore/", require_POST(self.restore), "blogs_blogpost_restore")]

    def restore(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make an earlier text live again, unless the text that is live now is not the one that the user saw."""
        user: Any = request.user
        choice = Choice(request.POST)
        with transaction.atomic():
            post = self.pages.lock(request, pk)
            revision = revision_of(post, choice.cleaned_data["number"]) if choice.is_valid() else None
            if revision is None:
                return self.pages.back_to_history(request, post, NO_REVISION, messages.WARNING)
            if choice.cleaned_data["seen"] != post.revision:
                return self.pages.back_to_history(request, post, NEWER.format(live=post.revision), messages.WARNING)
            try:
                restored = post.restore(revision, author=user)
            except (InvisibleTitle, RevisionsFull) as refusal:
                return self.pages.back_to_history(request, post, str(refusal), messages.WARNING)
            if restored is None:
                complaint = LIVE_ALREADY.format(number=revision.number)
                return self.pages.back_to_history(request, post, complaint, messages.WARNING)
            self.pages.admin.log_change(request, post, RESTORED_NOTE.format(number=revision.number))
        done = RESTORED.format(number=revision.number, live=restored.number)
        return self.pages.back_to_history(request, post, done)


class DeleteRevisionPanel(Panel):
    def urls(self) -> list[URLPattern]:
        view = require_POST(self.delete)
        return [self.pages.url("<int:pk>/delete-revision/", view, "blogs_blogpost_delete_revision")]

    def delete(self, request: HttpRequest, pk: int) -> HttpResponse:
        choice = Deletion(request.POST)
        with transaction.atomic():
            post = self.pages.lock(request, pk, Action.DELETE)
            number = choice.cleaned_data["number"] if choice.is_valid() else 0
            try:
                post.delete_revision(number)
            except Revision.DoesNotExist:
                return self.pages.back_to_history(request, post, NO_REVISION, messages.WARNING)
            except RevisionNeeded as refusal:
                return self.pages.back_to_history(request, post, str(refusal), messages.WARNING)
            done = DELETED.format(number=number)
            self.pages.admin.log_change(request, post, done)
        return self.pages.back_to_history(request, post, done)


def revision_of(post: BlogPost, number: int) -> Revision | None:
    return post.revisions.filter(number=number).first()


def caption(post: BlogPost, number: int | None) -> str:
    """Return what the preview says about the revision that it shows; 0 stands for a post that has no text yet."""
    if number is None:
        return UNSAVED
    if not number:
        return "No text is live yet."
    return f"Live text (revision {number})." if number == post.revision else f"Revision {number}."
