"""Bulk actions in the admin: regenerate, cancel or delete a selection of posts, or all that match a list's filters.

Nothing is done before a page has said how many posts it is and what they are likely to cost. Then the work is done in
batches, each short enough for any web server's timeout; the page of one batch requests the next.
"""

import time
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from accounts.models import User
from accounts.refusals import Refusal
from accounts.registration import require_may_request
from blogs.admin.pages import current_user
from blogs.admin.panels import BulkAction, Panel
from blogs.models import ID_MAX, BlogPost, has_persons_text
from blogs.roles import reach
from generation.admin.bulk_kinds import CANCEL, DELETE_SELECTED, REGENERATE, RETRY, Kind
from generation.forecast import forecast, groups_of
from generation.llm.providers import configured_provider
from generation.reporting.estimates import estimates
from generation.reporting.formatting import dollars

BATCH = 100  # posts
BATCH_SECONDS = 2.0
AS_CHOSEN = "As chosen for each post"
STOPPED = "Posts queued for regeneration: {done:,} of {total:,}. The others were not: {reason}"
MAY_SEE_ALL = "generation.view_spending"
REPLACE_HUMAN = "Replace texts that people wrote"


class Progress(forms.Form):
    """How far a run has got: it goes through the posts by their ids, up to the newest that was confirmed."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=ID_MAX)
    until = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=ID_MAX)
    total = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=ID_MAX)
    done = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=ID_MAX)


class Choice(forms.Form):
    """What a person may choose for all posts of a run."""

    model = forms.ChoiceField(required=False)
    # Not by default: who presses the button often stays to see the posts, and flex may keep them waiting.
    economy = forms.BooleanField(required=False)
    # Who selects many posts has not read them all.
    replace_human = forms.BooleanField(required=False, label=REPLACE_HUMAN)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        model: Any = self.fields["model"]
        model.choices = [("", AS_CHOSEN), *((name, name) for name in settings.MODELS)]


class BulkPanel(Panel):
    def bulk_actions(self) -> list[BulkAction]:
        return [self.bulk_action(kind) for kind in (REGENERATE, RETRY, CANCEL, DELETE_SELECTED)]

    def bulk_action(self, kind: Kind) -> BulkAction:
        @admin.action(description=kind.label, permissions=[kind.right])
        def confirm_or_go_on(
            post_admin: admin.ModelAdmin, request: HttpRequest, posts: QuerySet[BlogPost]
        ) -> HttpResponse | None:
            fitting = reach(current_user(request), kind.right, posts).filter(status__in=kind.statuses).order_by("pk")
            progress, choice = Progress(request.POST), Choice(request.POST)
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
        choice: Choice,
    ) -> HttpResponse | None:
        """Ask for confirmation; None, with a message, when there is nothing to do.

        Raises:
            Refusal: the user may not request posts.
        """
        user = cast(User, request.user)
        if kind.is_paid:
            require_may_request(user)
        persons = Count("pk", filter=has_persons_text())
        each = fitting.order_by().values("model").annotate(posts=Count("pk"), newest=Max("pk"), persons=persons)
        by_model = list(each)
        total = sum(row["posts"] for row in by_model)
        if not total:
            self.pages.admin.message_user(request, kind.none, messages.WARNING)
            return None
        run = {"after": 0, "until": max(row["newest"] for row in by_model), "total": total, "done": 0}
        room = forecast(groups_of(fitting), user) if kind.is_paid else None
        expected = estimates({row["model"]: row["posts"] for row in by_model}) if kind.is_paid else []
        more = {
            "examples": fitting.order_by("-pk").values_list("title", flat=True)[:5],
            "skipped": posts.count() - total,
            "estimates": [(estimate, dollars(estimate.cost)) for estimate in expected],
            "budgets": room.lines(with_shared=user.has_perm(MAY_SEE_ALL)) if room else [],
            "too_little": room.warning if room else "",
            "persons": sum(row["persons"] for row in by_model) if kind.is_paid else 0,
            "choice": choice,
            "has_models": kind.is_paid and len(settings.MODELS) > 1,
            "has_economy": kind.is_paid and configured_provider(economy=True).service_tier,
        }
        return self.page(request, "generation/bulk_confirmation.html", kind, run, more)

    def go_on(
        self, request: HttpRequest, fitting: QuerySet[BlogPost], kind: Kind, run: dict[str, int], choice: Choice
    ) -> HttpResponse | None:
        """Do a batch of the work; answer with the page that requests the next, or with the list after the last.

        The first refusal ends the run: what was queued before stays so, and the rest is as it was.
        """
        user: Any = request.user
        ids = list(fitting.filter(pk__gt=run["after"], pk__lte=run["until"]).values_list("pk", flat=True)[:BATCH])
        ends_at = time.monotonic() + BATCH_SECONDS
        for pk in ids:
            try:
                run["done"] += do(kind, pk, user, **choice.cleaned_data)
            except Refusal as refusal:
                message = STOPPED.format(done=run["done"], total=run["total"], reason=refusal)
                self.pages.admin.message_user(request, message, messages.ERROR)
                return HttpResponseRedirect(request.get_full_path())
            run["after"] = pk
            if time.monotonic() > ends_at:
                break
        if len(ids) < BATCH and (not ids or run["after"] == ids[-1]):
            self.pages.admin.message_user(request, f"{kind.done}: {run['done']}.", messages.SUCCESS)
            return HttpResponseRedirect(request.get_full_path())
        return self.page(request, "generation/bulk_progress.html", kind, run, {"choice": choice})

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
    """Apply the action to one post; return 1, or 0 if the post no longer has a status that it was confirmed for."""
    with transaction.atomic():
        post = BlogPost.objects.select_for_update().filter(pk=pk, status__in=kind.statuses).first()
        if post is None:
            return 0
        kind.do(post, user, **choice)
    return 1
