"""How a post's texts were written, for the history of the post in the admin."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from blogs.admin.post import BlogPostAdmin
from blogs.models import BlogPost, Revision
from generation.models import UNFINISHED, Generation
from generation.reporting.formatting import dollars, duration, lasting

SHOWN = 50  # generations, the newest


class WritersPast(BlogPostAdmin):
    """Adds to a post's history what each text was written with, the proposals that wait, and all generations."""

    def revisions(self, post: BlogPost) -> QuerySet[Revision]:
        joined = super().revisions(post).select_related("generation")
        return joined.defer("content", "generation__content", "generation__brief", "generation__gate")

    def revision_facts(self, revision: Revision) -> dict[str, str]:
        generation = getattr(revision, "generation", None)
        told = facts(generation) if generation else {"Model": "-", "Tokens in / out": "-", "Cost": "-"}
        return super().revision_facts(revision) | told

    def history_sections(self, request: HttpRequest, post: BlogPost) -> dict[str, SafeString]:
        rows = post.generations.select_related("requested_by", "revision").defer("content", "revision__content")
        generations = [Past(generation) for generation in rows[:SHOWN]]
        proposals = post.generations.filter(landing=Generation.Landing.PROPOSED).defer("content")
        context = {"post": post, "generations": generations, "proposals": proposals}
        return {
            **super().history_sections(request, post),
            "above": render_to_string("generation/proposals.html", context),
            "below": render_to_string("generation/generations.html", context),
        }


class Past:
    """A generation in words."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.facts = facts(generation)
        self.gate = verdict(generation.gate)
        self.failed_checks = failed_checks(generation.gate)
        self.waited = duration(generation.created_at, generation.started_at)
        self.wrote = duration(generation.started_at, generation.finished_at)
        seconds = generation.provenance.get("seconds", {})
        self.stages = ", ".join(f"{stage} {lasting(spent)}" for stage, spent in seconds.items())

    @property
    def stage(self) -> str:
        """How far it is, or was when it stopped without a text."""
        generation = self.generation
        if not generation.stage or generation.landing:
            return ""
        return f"{generation.stage} {generation.done}/{generation.total}"

    @property
    def is_unfinished(self) -> bool:
        return self.generation.status in UNFINISHED


def facts(generation: Generation) -> dict[str, str]:
    tokens = f"{generation.prompt_tokens:,} / {generation.completion_tokens:,}"
    return {"Model": generation.model or "-", "Tokens in / out": tokens, "Cost": dollars(generation.cost)}


def verdict(gate: dict[str, Any]) -> str:
    """Return what the gate said in short; a text that never came so far has no verdict."""
    if not gate:
        return "-"
    return "Not passed" if gate.get("failed") else "Passed"


def failed_checks(gate: dict[str, Any]) -> list[str]:
    return [f"{name.replace('_', ' ')}: {gate.get(name)}" for name in gate.get("failed", [])]
