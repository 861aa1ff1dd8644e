"""Proposals in the admin: what one would change in the live text, and the decision on it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from blogs.admin import columns
from blogs.admin.marks import marks_context
from blogs.admin.panels import Panel
from blogs.admin.revisions import NEWER
from blogs.models import ID_MAX, BlogPost
from blogs.text.diff import diff
from blogs.text.markdown import render
from blogs.text.marks import MarkKind
from generation import proposals
from generation.admin.warnings import marks_of
from generation.models import Generation, has_proposal

GONE = "This proposal does not exist, or was already accepted or discarded."
UNDECIDED = "Choose Accept or Discard. Nothing was changed."
ACCEPTED = "Proposal {number} accepted as revision {revision}."
DISCARDED = "Proposal {number} discarded. It remains available in the API."
ACCEPTED_NOTE = "Accepted proposal {number}."
DISCARDED_NOTE = "Discarded proposal {number}."
REVIEW, HAS_PROPOSAL = "Review proposal {}", "Has a proposal"
EDITED = "The post was edited in the meantime."
PROPOSED_ONLY = "It was requested together with others, and the live text is a person's."


class Decision(forms.Form):
    """The decision on a proposal, and which revision was live when it was made."""

    decision = forms.ChoiceField(choices=[("accept", "accept"), ("discard", "discard")])
    seen = forms.IntegerField(min_value=0, max_value=ID_MAX)


class ProposalFilter(SimpleListFilter):
    title, parameter_name = "proposals", "proposal"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", HAS_PROPOSAL)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[BlogPost]) -> QuerySet[BlogPost]:
        return queryset.filter(has_proposal()) if self.value() == "1" else queryset


class ProposalPanel(Panel):
    def list_filters(self) -> list[type[SimpleListFilter]]:
        return [ProposalFilter]

    def join_posts(self, posts: QuerySet[BlogPost]) -> QuerySet[BlogPost]:
        return posts.annotate(has_proposal=Exists(Generation.objects.proposed().filter(post=OuterRef("pk"))))

    def labels(self, post: BlogPost) -> SafeString | str:
        return columns.label("proposal", HAS_PROPOSAL) if getattr(post, "has_proposal", False) else ""

    def urls(self) -> list[URLPattern]:
        view = require_http_methods(["GET", "HEAD", "POST"])(self.proposal)
        return [self.pages.url("<int:pk>/proposals/<int:number>/", view, "generation_proposal")]

    def slots(self, request: HttpRequest, post: BlogPost) -> dict[str, SafeString | str]:
        numbers = post.generations.filter(landing=Generation.Landing.PROPOSED).values_list("number", flat=True)
        links = ((reverse("admin:generation_proposal", args=[post.pk, n]), REVIEW.format(n)) for n in numbers)
        return {"proposals": format_html_join(" ", '<a class="button" href="{}">{}</a>', links)}

    def above_revisions(self, request: HttpRequest, post: BlogPost) -> SafeString:
        open_ones = post.generations.filter(landing=Generation.Landing.PROPOSED).defer("content")
        rows = [(proposal, reasons(proposal)) for proposal in open_ones]
        return render_to_string("generation/proposals.html", {"post": post, "rows": rows})

    def proposal(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        if request.method == "POST":
            with transaction.atomic():
                return self.decide(request, self.pages.lock(request, pk), number)
        post = self.pages.find(request, pk, with_texts=True)
        proposal = post.generations.filter(number=min(number, ID_MAX), landing=Generation.Landing.PROPOSED).first()
        if proposal is None:
            return self.pages.back_to_history(request, post, GONE, messages.WARNING)
        marks = marks_of(proposal)
        context = {
            "proposal": proposal,
            "reason": proposal.failure_for_staff or spared(proposal),
            "heading": diff(post.title, proposal.title),
            "text": diff(post.content, proposal.content, marks),
            "html": render(proposal.content, marks),
            "may_change": self.pages.may_change(request, post),
            **marks_context(marks),
        }
        return self.pages.render(request, post, "generation/proposal.html", f"Proposal {number}", context)

    def decide(self, request: HttpRequest, post: BlogPost, number: int) -> HttpResponse:
        """Accept or discard; a text that went live since the page was loaded is shown before it is replaced."""
        form = Decision(request.POST)
        if not form.is_valid():
            return self.pages.back_to_history(request, post, UNDECIDED, messages.WARNING)
        is_accepted = form.cleaned_data["decision"] == "accept"
        if is_accepted and form.cleaned_data["seen"] != post.revision:
            self.pages.admin.message_user(request, NEWER.format(live=post.revision), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:generation_proposal", args=[post.pk, number]))
        try:
            done = self.accept(request, post, number) if is_accepted else self.discard(request, post, number)
        except (Generation.DoesNotExist, proposals.NotProposed):
            return self.pages.back_to_history(request, post, GONE, messages.WARNING)
        return self.pages.back_to_history(request, post, done)

    def accept(self, request: HttpRequest, post: BlogPost, number: int) -> str:
        user: Any = request.user
        revision = proposals.accept(post, number, by=user)
        self.pages.admin.log_change(request, post, ACCEPTED_NOTE.format(number=number))
        return ACCEPTED.format(number=number, revision=revision.number)

    def discard(self, request: HttpRequest, post: BlogPost, number: int) -> str:
        proposals.discard(post, number)
        self.pages.admin.log_change(request, post, DISCARDED_NOTE.format(number=number))
        return DISCARDED.format(number=number)


def reasons(proposal: Generation) -> list[str]:
    """Return why a text is a proposal: what holds it back, else what it failed for, else whose text it spares."""
    found = [mark.message for mark in marks_of(proposal) if mark.kind == MarkKind.REASON]
    return list(dict.fromkeys(found)) or [proposal.failure_for_staff or spared(proposal)]


def spared(proposal: Generation) -> str:
    return PROPOSED_ONLY if proposal.proposes_only else EDITED
