"""What readers see of a post, in the admin: publish, schedule or unpublish it beside what that changes for them."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from blogs.admin import columns
from blogs.admin.marks import marks_context, marks_on
from blogs.admin.pages import current_user
from blogs.admin.panels import Panel
from blogs.admin.revisions import NO_REVISION, revision_of
from blogs.models import ID_MAX, BlogPost, Disclosure, NothingToPublish, Release, Revision, waits_for_review
from blogs.text.diff import diff
from blogs.text.markdown import render

PUBLIC, WAITING, SCHEDULED = "Public", "Waiting for review", "Scheduled"
REVIEW, PUBLICATION = "Review and publish", "Publication"
PUBLISH, REVIEWED = "Publish revision {}", "Mark revision {} as reviewed"
IS_PUBLIC = "Revision {number} is public."
IS_SCHEDULED = "Revision {number} will be public from {moment:%-d %b %Y, %H:%M} UTC."
SCHEDULE_ENDED = "The schedule has ended. Readers see what they saw."
UNPUBLISHED = "Unpublished. Readers see no text of this post."
NEWER_WAITS = "A newer text, revision {live}, waits for review."
NOT_AHEAD = "Choose a moment in the future (UTC). Nothing was changed."
UNDECIDED = "Choose what to do. Nothing was changed."


class Decision(forms.Form):
    """What to do, and the number of the revision that the page showed."""

    decision = forms.ChoiceField(
        choices=[(name, name) for name in ("publish", "schedule", "unpublish", "end_schedule")]
    )
    number = forms.IntegerField(min_value=1, max_value=ID_MAX)
    moment = forms.DateTimeField(required=False)


class ReviewFilter(SimpleListFilter):
    title, parameter_name = "review", "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", WAITING), ("scheduled", SCHEDULED), ("public", PUBLIC)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[BlogPost]) -> QuerySet[BlogPost]:
        shown: dict[str | None, Q] = {
            "waiting": waits_for_review(),
            "scheduled": Q(publish_at__isnull=False),
            "public": Q(released_at__isnull=False),  # which an index has
        }
        return queryset.filter(shown.get(self.value(), Q()))


class ReleasePanel(Panel):
    def urls(self) -> list[URLPattern]:
        view = require_http_methods(["GET", "HEAD", "POST"])(self.release)
        return [self.pages.url("<int:pk>/release/", view, "blogs_blogpost_release")]

    def list_filters(self) -> list[type[SimpleListFilter]]:
        return [ReviewFilter]

    def labels(self, post: BlogPost) -> SafeString | str:
        if post.publish_at:
            return columns.label("scheduled", SCHEDULED)
        if post.revision and not post.shows_newest:
            return columns.label("waiting", WAITING)
        return columns.label("public", PUBLIC) if post.is_released else ""

    def slots(self, request: HttpRequest, post: BlogPost) -> dict[str, SafeString | str]:
        if not post.revision:
            return {"release": ""}
        may_change = self.pages.may_change(request, post)
        link = REVIEW if may_change and not post.shows_newest else PUBLICATION
        context = facts(post) | {"post": post, "label": self.labels(post), "link": link, "may_change": may_change}
        return {"release": render_to_string("admin/blogs/blogpost/release_slot.html", context)}

    def release(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method == "POST":
            with transaction.atomic():
                return self.decide(request, self.pages.lock(request, pk))
        post = self.pages.find(request, pk, with_texts=True)
        if not post.revision:
            raise NothingToPublish
        wanted = request.GET.get("revision", str(post.revision))
        shown = revision_of(post, int(wanted)) if wanted.isdecimal() and len(wanted) < 10 else None
        if shown is None:
            return self.pages.back_to_history(request, post, NO_REVISION, messages.WARNING)
        return self.page(request, post, shown)

    def page(self, request: HttpRequest, post: BlogPost, shown: Revision) -> HttpResponse:
        """Show what a revision would change for readers; the whole text, if they see none."""
        public = revision_of(post, post.released_revision) if post.released_revision else None
        marks = marks_on(self.pages, post, shown.content, shown.number)
        may_name = shown.number == post.released_revision and post.ai_disclosure == Disclosure.AI_AUTONOMOUS
        context = {
            "shown": shown,
            "public": public,
            "numbers": post.revisions.values_list("number", flat=True),
            "publish": (REVIEWED if may_name else PUBLISH).format(shown.number),
            "can_publish": may_name or shown.number != post.released_revision,
            "now": timezone.now(),
            "may_change": self.pages.may_change(request, post),
            **facts(post),
            **marks_context(marks),
        }
        if public:
            context |= {"heading": diff(public.title, shown.title), "text": diff(public.content, shown.content, marks)}
        else:
            context |= {"heading": shown.title, "html": render(shown.content, marks)}
        return self.pages.render(request, post, "admin/blogs/blogpost/release.html", PUBLICATION, context)

    def decide(self, request: HttpRequest, post: BlogPost) -> HttpResponse:
        """Do what was decided about the revision that the page showed, also if there is a newer one."""
        form = Decision(request.POST)
        page = reverse("admin:blogs_blogpost_release", args=[post.pk])
        complaint = problem(form, post)
        if complaint:
            self.pages.admin.message_user(request, complaint, messages.WARNING)
            return HttpResponseRedirect(page)
        number, moment = form.cleaned_data["number"], form.cleaned_data["moment"]
        match form.cleaned_data["decision"]:
            case "publish":
                post.publish(by=current_user(request), number=number, is_named=True)
                done = IS_PUBLIC.format(number=number)
            case "schedule":
                post.schedule(moment, by=current_user(request), number=number, is_named=True)
                done = IS_SCHEDULED.format(number=number, moment=moment)
            case "unpublish":
                post.unpublish()
                done = UNPUBLISHED
            case _:
                post.cancel_schedule()
                done = SCHEDULE_ENDED
        self.pages.admin.log_change(request, post, done)
        self.pages.admin.message_user(request, done, messages.SUCCESS)
        if form.cleaned_data["decision"] in ("publish", "schedule") and number != post.revision:
            self.pages.admin.message_user(request, NEWER_WAITS.format(live=post.revision), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:blogs_blogpost_change", args=[post.pk]))


def problem(form: Decision, post: BlogPost) -> str:
    """Return why nothing can be done about what was sent; empty if something can."""
    form.is_valid()
    values = form.cleaned_data
    if "decision" not in values or "number" not in values:
        return UNDECIDED
    moment: datetime | None = values.get("moment")
    if values["decision"] == "schedule" and (moment is None or moment <= timezone.now()):
        return NOT_AHEAD
    return "" if post.revisions.filter(number=values["number"]).exists() else NO_REVISION


def facts(post: BlogPost) -> dict[str, Any]:
    """Return who released what readers see, what is disclosed to them, and what is scheduled by whom."""
    scheduled: Release | None = post.schedule_of_release if post.publish_at else None
    return {
        "release": post.release if post.is_released else None,
        "disclosure": Disclosure(post.ai_disclosure) if post.ai_disclosure else None,
        "scheduled": scheduled,
    }
