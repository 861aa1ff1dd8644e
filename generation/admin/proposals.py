"""A proposal in the admin: what it would change in the live text, and the decision on it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from blogs.admin.history import NEWER
from blogs.admin.post import BlogPostAdmin
from blogs.models import ID_MAX, BlogPost
from blogs.text.diff import diff
from blogs.text.markdown import render
from generation import proposals
from generation.models import Generation

GONE = "There is no such proposal, or somebody has decided on it."


class Decision(forms.Form):
    """What is to become of a proposal, and which revision was live when that was decided."""

    decision = forms.ChoiceField(choices=[("accept", "accept"), ("discard", "discard")])
    seen = forms.IntegerField(min_value=0, max_value=ID_MAX)


class ProposalPages(BlogPostAdmin):
    def get_urls(self) -> list[Any]:
        view = require_http_methods(["GET", "HEAD", "POST"])(self.proposal_view)
        address = path("<int:pk>/proposals/<int:number>/", self.admin_site.admin_view(view), name="generation_proposal")
        return [address, *super().get_urls()]

    def slots(self, request: HttpRequest, post: BlogPost) -> dict[str, SafeString | str]:
        """Say on the post's page that a proposal waits."""
        waiting = post.generations.filter(landing=Generation.Landing.PROPOSED).values_list("number", flat=True)
        links = ((reverse("admin:generation_proposal", args=[post.pk, number]), number) for number in waiting)
        told = format_html_join(" ", '<a class="button" href="{}">Decide on proposal {}</a>', links)
        return super().slots(request, post) | {"proposals": told}

    def proposal_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        if request.method == "POST":
            with transaction.atomic():
                return self.decide(request, self.changeable(request, pk), number)
        post = self.shown(request, pk)
        proposal = post.generations.filter(number=min(number, ID_MAX), landing=Generation.Landing.PROPOSED).first()
        if proposal is None:
            return self.back(request, post, GONE, messages.WARNING)
        context = {
            "proposal": proposal,
            "heading": diff(post.title, proposal.title),
            "text": diff(post.content, proposal.content),
            "html": render(proposal.content),
            "may_change": self.has_change_permission(request, post),
        }
        return self.answer(request, post, "generation/proposal.html", f"Proposal {number}", context)

    def decide(self, request: HttpRequest, post: BlogPost, number: int) -> HttpResponse:
        """Accept or discard; a text that went live since the page was loaded is shown before it is replaced."""
        wanted = Decision(request.POST)
        if not wanted.is_valid():
            return self.back(request, post, "Choose to accept or to discard. Nothing was changed.", messages.WARNING)
        is_accepted = wanted.cleaned_data["decision"] == "accept"
        if is_accepted and wanted.cleaned_data["seen"] != post.revision:
            self.message_user(request, NEWER.format(live=post.revision), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:generation_proposal", args=[post.pk, number]))
        try:
            said = self.accept(request, post, number) if is_accepted else self.discard(request, post, number)
        except (Generation.DoesNotExist, proposals.NotProposed):
            return self.back(request, post, GONE, messages.WARNING)
        return self.back(request, post, said)

    def accept(self, request: HttpRequest, post: BlogPost, number: int) -> str:
        user: Any = request.user
        revision = proposals.accept(post, number, by=user)
        self.log_change(request, post, f"Accepted proposal {number}.")
        return f"Proposal {number} is the live text now, as revision {revision.number}."

    def discard(self, request: HttpRequest, post: BlogPost, number: int) -> str:
        proposals.discard(post, number)
        self.log_change(request, post, f"Discarded proposal {number}.")
        return f"Proposal {number} was discarded; it stays readable in the API."
