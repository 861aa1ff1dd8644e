"""Many posts at once in the admin: asked for, stopped, on a selection or on all that a list's filters match.

Nothing is done before a page has said how many posts it is and what they are likely to cost. Then the work goes on in
pieces, each short enough for any web server's patience; the page of one piece asks for the next.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from accounts.models import User
from blogs.models import ID_MAX, RUNNING, BlogPost, Status
from generation.queue import transitions
from generation.reporting.estimates import estimate

PIECE = 100  # posts
PIECE_SECONDS = 2.0


@dataclass(frozen=True)
class Kind:
    """Args:
    question: what is to be confirmed.
    takes: the statuses of the posts that it is for; the others are left alone.
    none: what is said when there are no such posts.
    done: what is said before their number afterwards.
    do: what is done to one post, whose row is locked.
    is_paid: whether the model is asked.
    """

    action: str
    question: str
    takes: tuple[Status, ...]
    none: str
    done: str
    do: Callable[[BlogPost, User], object]
    is_paid: bool = True


def ask(post: BlogPost, user: User) -> None:
    post.request_generation(requested_by=user, urgent=False)


def stop(post: BlogPost, user: User) -> None:
    transitions.cancel(post)


REGENERATE = Kind(
    "regenerate",
    "Have these posts written anew?",
    (Status.COMPLETED, Status.FAILED),
    "All of the selected posts are being written already.",
    "Posts that are being written anew",
    ask,
)
RETRY = Kind(
    "retry_failed",
    "Have these failed posts written again?",
    (Status.FAILED,),
    "None of the selected posts has failed.",
    "Posts that are being written anew",
    ask,
)
STOP = Kind(
    "stop_writing",
    "Stop writing these posts?",
    RUNNING,
    "None of the selected posts is being written.",
    "Posts whose writing was stopped",
    stop,
    is_paid=False,
)


class Progress(forms.Form):
    """How far a run is: it goes through the posts by their ids, up to the newest that was confirmed."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=ID_MAX)
    until = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=ID_MAX)
    total = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=ID_MAX)
    done = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=ID_MAX)


class BulkActions(admin.ModelAdmin):
    actions = ("regenerate", "retry_failed", "stop_writing")

    @admin.action(description="Regenerate selected posts", permissions=["change"])
    def regenerate(self, request: HttpRequest, posts: QuerySet[BlogPost]) -> HttpResponse | None:
        return self.confirm_or_go_on(request, posts, REGENERATE)

    @admin.action(description="Retry failed ones among selected posts", permissions=["change"])
    def retry_failed(self, request: HttpRequest, posts: QuerySet[BlogPost]) -> HttpResponse | None:
        return self.confirm_or_go_on(request, posts, RETRY)

    @admin.action(description="Stop writing selected posts", permissions=["change"])
    def stop_writing(self, request: HttpRequest, posts: QuerySet[BlogPost]) -> HttpResponse | None:
        return self.confirm_or_go_on(request, posts, STOP)

    def confirm_or_go_on(self, request: HttpRequest, posts: QuerySet[BlogPost], kind: Kind) -> HttpResponse | None:
        fitting = posts.filter(status__in=kind.takes).order_by("pk")
        progress = Progress(request.POST)
        if progress.is_valid():
            return self.go_on(request, fitting, kind, progress.cleaned_data)
        return self.confirm(request, posts, fitting, kind)

    def confirm(
        self, request: HttpRequest, posts: QuerySet[BlogPost], fitting: QuerySet[BlogPost], kind: Kind
    ) -> HttpResponse | None:
        """Ask whether this is meant; None, with a message, when there is nothing to do."""
        total = fitting.count()
        if not total:
            self.message_user(request, kind.none, messages.WARNING)
            return None
        newest = fitting.aggregate(newest=Max("pk"))["newest"]
        run = {"after": 0, "until": newest, "total": total, "done": 0}
        more = {
            "examples": fitting.order_by("-pk").values_list("title", flat=True)[:5],
            "left_alone": posts.count() - total,
            "estimate": estimate(total) if kind.is_paid else None,
        }
        return self.page(request, "generation/bulk_confirmation.html", kind, run, more)

    def go_on(
        self, request: HttpRequest, fitting: QuerySet[BlogPost], kind: Kind, run: dict[str, int]
    ) -> HttpResponse | None:
        """Do a piece of the work; answer with the page that asks for the next, or with the list after the last."""
        user: Any = request.user
        ids = list(fitting.filter(pk__gt=run["after"], pk__lte=run["until"]).values_list("pk", flat=True)[:PIECE])
        ends_at = time.monotonic() + PIECE_SECONDS
        for pk in ids:
            run["done"] += do(kind, pk, user)
            run["after"] = pk
            if time.monotonic() > ends_at:
                break
        if len(ids) < PIECE and (not ids or run["after"] == ids[-1]):
            self.message_user(request, f"{kind.done}: {run['done']}.", messages.SUCCESS)
            return HttpResponseRedirect(request.get_full_path())
        return self.page(request, "generation/bulk_progress.html", kind, run, {})

    def page(
        self, request: HttpRequest, template: str, kind: Kind, run: dict[str, int], more: dict[str, Any]
    ) -> HttpResponse:
        across = request.POST.get("select_across") == "1"
        context = {
            **self.admin_site.each_context(request),
            **more,
            "title": kind.question,
            "opts": self.opts,
            "kind": kind,
            "run": run,
            "progress": Progress(initial=run),
            "select_across": int(across),
            "checkbox": ACTION_CHECKBOX_NAME,
            # All that match need no list of them: the page's address has the filters.
            "selected": [0] if across else request.POST.getlist(ACTION_CHECKBOX_NAME),
            "media": self.media,
        }
        return TemplateResponse(request, template, context)


def do(kind: Kind, pk: int, user: User) -> int:
    """Do it to one post; return 1, or 0 if the post is not what it was confirmed for any more."""
    with transaction.atomic():
        post = BlogPost.objects.select_for_update().filter(pk=pk, status__in=kind.takes).first()
        if post is None:
            return 0
        kind.do(post, user)
    return 1
