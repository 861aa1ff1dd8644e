"""Warnings in the admin: beside a post and in its texts, with the sentences that the model added."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from blogs.admin.panels import Panel
from blogs.models import BlogPost
from blogs.text.marks import Mark, MarkKind
from generation.models import Generation
from generation.warnings import warnings_of
from generation.writer.checks.findings import Finding

RECENT = 5  # generations whose sentences are looked for in a text that a person made of theirs
LIVE, PROPOSAL = "Live text", "Proposal {number}"


class WarningsPanel(Panel):
    def marks(self, post: BlogPost, text: str, number: int | None) -> list[Mark]:
        """Return all marks of a revision that a model wrote; of another text those whose sentence is still there."""
        landed = with_marks(post).filter(revision__isnull=False).order_by("-revision__number")
        if number is not None and (its_own := landed.filter(revision__number=number).first()):
            return marks_of(its_own)
        return [mark for each in landed[:RECENT] for mark in marks_of(each) if mark.sentence and mark.sentence in text]

    def slots(self, request: HttpRequest, post: BlogPost) -> dict[str, SafeString | str]:
        shown = Q(landing=Generation.Landing.PROPOSED) | Q(revision__number=post.revision)
        found = [Remarks(post, generation) for generation in with_marks(post).filter(shown)]
        found = [remarks for remarks in found if remarks.marks]
        return {"warnings": render_to_string("generation/warnings.html", {"found": found}) if found else ""}


@dataclass(frozen=True)
class Remarks:
    """What there is to say about the live text or a proposal, for the post's page."""

    post: BlogPost
    generation: Generation

    @property
    def marks(self) -> list[Mark]:
        return marks_of(self.generation)

    @property
    def warnings(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.kind != MarkKind.ADDED]

    @property
    def added(self) -> int:
        return len(self.marks) - len(self.warnings)

    @property
    def is_proposal(self) -> bool:
        return self.generation.landing == Generation.Landing.PROPOSED

    @property
    def name(self) -> str:
        return PROPOSAL.format(number=self.generation.number) if self.is_proposal else LIVE

    @property
    def url(self) -> str:
        """Where the sentences are shown in their text."""
        if self.is_proposal:
            return reverse("admin:generation_proposal", args=[self.post.pk, self.generation.number])
        return reverse("admin:blogs_blogpost_preview", args=[self.post.pk])


def with_marks(post: BlogPost) -> QuerySet[Generation]:
    return post.generations.only("post", "number", "landing", "warnings", "provenance")


def marks_of(generation: Generation) -> list[Mark]:
    """Return what is pointed out in its text; warnings are the reason why it is a proposal only while it is one."""
    is_open = generation.landing == Generation.Landing.PROPOSED
    found = [
        Mark(
            MarkKind.REASON if is_open and finding.name.holds_back else MarkKind.WARNING,
            finding.sentence,
            message(finding),
            finding.note,
        )
        for finding in warnings_of(generation)
    ]
    return [*found, *(Mark(MarkKind.ADDED, sentence) for sentence in generation.provenance.get("added", ()))]


def message(finding: Finding) -> str:
    """Return what is wrong, without the sentence: that is shown beside it, or in the text."""
    summary, detail = finding.name.summary, finding.detail
    return summary if detail in ("", finding.sentence) else f"{summary.rstrip('.')}: {detail}"
