"""Bulk actions on posts: on a selection, or on all that match the filters of a list.

Nothing is done before a page has said how many posts it is. Then the work is done in batches, each short enough for
any web server's timeout; the page of one batch requests the next.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from accounts.models import User
from accounts.refusals import Refusal
from blogs.admin.pages import current_user
from blogs.admin.panels import BulkAction, Panel
from blogs.models import ID_MAX, BlogPost
from blogs.models.visible import InvisibleTitle
from blogs.refusals import OwnerDeactivated
from blogs.roles import Action, reach

BATCH = 100  # posts
BATCH_SECONDS = 2.0
STOPPED = "{what}: {done:,} of {total:,}. The others were not: {reason}"


@dataclass(frozen=True)
class Kind:
    """Args:
    name: of the action in a request.
    label: in the list's menu of actions.
    question: what is to be confirmed.
    posts: which ones it is for; the others are skipped.
    none: said when there are no such posts.
    done: said before their number afterwards.
    do: what is done to one post, whose row is locked, for a user, with what the form of the choice says.
    right: to each post, that the user must have.
    """

    name: str
    label: str
    question: str
    posts: Q
    none: str
    done: str
    do: Callable[..., object]
    right: Action = Action.CHANGE


class Progress(forms.Form):
    """How far a run has got: it goes through the posts by their ids, up to the newest that was confirmed."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=ID_MAX)
    until = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=ID_MAX)
    total = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=ID_MAX)
    done = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=ID_MAX)


class BulkPanel(Panel):
    """Base of panels with bulk actions. Their confirmation says what `details` returns.

    Args:
        choice: what a person may choose for all posts of a run.
    """

    kinds: ClassVar[tuple[Kind, ...]]
    template: ClassVar[str]  # of the confirmation
    choice: ClassVar[type[forms.Form]] = forms.Form

    def details(self, user: User, posts: QuerySet[BlogPost], kind: Kind) -> dict[str, Any]:
        """Return what the confirmation says about the posts.

        Raises:
            Refusal: the user may not do this.
        """
        return {}

    def bulk_actions(self) -> list[BulkAction]:
        return [self.bulk_action(kind) for kind in self.kinds]

    def bulk_action(self, kind: Kind) -> BulkAction:
        @admin.action(description=kind.label, permissions=[kind.right])
        def confirm_or_go_on(
            post_admin: admin.ModelAdmin, request: HttpRequest, posts: QuerySet[BlogPost]
        ) -> HttpResponse | None:
            fitting = reach(current_user(request), kind.right, posts).filter(kind.posts).order_by("pk")
            progress, choice = Progress(request.POST), self.choice(request.POST)
            try:
                if progress.is_valid() and choice.is_valid():
                    return self.go_on(request, fitting, kind, progress.cleaned_data, choice)
                return self.confirm(request, posts, fitting, kind, choice)
            except Refusal as refusal:
                post_admin.message_user(request, str(refusal), messages.ERROR)
                return None

        confirm_or_go_on.__name__ = kind.name  # what Django knows the action by
        return confirm_or_go_on

    def confirm(
        self,
        request: HttpRequest,
        posts: QuerySet[BlogPost],
        fitting: QuerySet[BlogPost],
        kind: Kind,
        choice: forms.Form,
    ) -> HttpResponse | None:
        """Ask for confirmation; None, with a message, when there is nothing to do.

        Raises:
            Refusal: as for `details`.
        """
        details = self.details(current_user(request), fitting, kind)
        found = fitting.aggregate(total=Count("pk"), until=Max("pk"))
        if not found["total"]:
            self.pages.admin.message_user(request, kind.none, messages.WARNING)
            return None
        more = details | {
            "examples": fitting.order_by("-pk").values_list("title", flat=True)[:5],
            "skipped": posts.count() - found["total"],
            "choice": choice,
        }
        return self.page(request, self.template, kind, {"after": 0, "done": 0} | found, more)

    def go_on(
        self, request: HttpRequest, fitting: QuerySet[BlogPost], kind: Kind, run: dict[str, int], choice: forms.Form
    ) -> HttpResponse | None:
        """Do a batch of the work; answer with the page that requests the next, or with the list after the last.

        The first refusal ends the run: what was done before stays so, and the rest is as it was.
        """
        user = current_user(request)
        ids = list(fitting.filter(pk__gt=run["after"], pk__lte=run["until"]).values_list("pk", flat=True)[:BATCH])
        ends_at = time.monotonic() + BATCH_SECONDS
        for pk in ids:
            try:
                run["done"] += do(kind, pk, user, **choice.cleaned_data)
            except Refusal as refusal:
                message = STOPPED.format(what=kind.done, done=run["done"], total=run["total"], reason=refusal)
                self.pages.admin.message_user(request, message, messages.ERROR)
                return HttpResponseRedirect(request.get_full_path())
            run["after"] = pk
            if time.monotonic() > ends_at:
                break
        if len(ids) < BATCH and (not ids or run["after"] == ids[-1]):
            self.pages.admin.message_user(request, f"{kind.done}: {run['done']}.", messages.SUCCESS)
            return HttpResponseRedirect(request.get_full_path())
        return self.page(request, "admin/blogs/blogpost/bulk_progress.html", kind, run, {"choice": choice})

    def page(
        self, request: HttpRequest, template: str, kind: Kind, run: dict[str, int], more: dict[str, Any]
    ) -> HttpResponse:
        post_admin = self.pages.admin
        across = request.POST.get("select_across") == "1"
        context = {
            **post_admin.admin_site.each_context(request),
            **more,
            "title": kind.question,
            "opts": post_admin.opts,
            "kind": kind,
            "run": run,
            "progress": Progress(initial=run),
            "select_across": int(across),
            "checkbox": ACTION_CHECKBOX_NAME,
            # All that match need no list of them: the page's address has the filters.
            "selected": [0] if across else request.POST.getlist(ACTION_CHECKBOX_NAME),
            "media": post_admin.media,
        }
        return TemplateResponse(request, template, context)


def do(kind: Kind, pk: int, user: User, **choice: Any) -> int:
    """Apply the action to one post; return 1, or 0 if the post is no longer one that it was confirmed for."""
    with transaction.atomic():
        post = BlogPost.objects.select_for_update().filter(kind.posts, pk=pk).first()
        if post is None:
            return 0
        try:
            kind.do(post, user, **choice)
        except (InvisibleTitle, OwnerDeactivated):
            return 0
    return 1
