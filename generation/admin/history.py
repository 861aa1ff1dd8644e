"""Generations in the history of their post."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from blogs.admin.panels import Panel
from blogs.models import BlogPost, Revision
from blogs.text.marks import MarkKind
from generation.admin.warnings import marks_of
from generation.models import UNFINISHED, Generation
from generation.reporting.formatting import cost_of, duration, lasting

ANSWERED_BY = "{model} (answered by {others})"
SHOWN = 50  # generations, the newest
WITHIN, OUTSIDE = "Sanity: within limits", "Sanity: outside limits"
FALLBACK = "{model} (fallback: {reason})"


class HistoryPanel(Panel):
    """Adds what each revision was written with, and a table of all generations."""

    def join_revisions(self, revisions: QuerySet[Revision]) -> QuerySet[Revision]:
        joined = revisions.select_related("generation")
        return joined.defer(
            "content", "generation__content", "generation__brief", "generation__gate", "generation__warnings"
        )

    def revision_facts(self, revision: Revision) -> dict[str, str]:
        return facts(getattr(revision, "generation", None))

    def below_revisions(self, request: HttpRequest, post: BlogPost) -> SafeString:
        rows = post.generations.select_related("requested_by", "revision").defer("content", "revision__content")
        context = {"post": post, "rows": [Row(generation) for generation in rows[:SHOWN]]}
        return render_to_string("generation/generations.html", context)


class Row:
    """A generation as the history shows it."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.facts = facts(generation)
        self.sanity = sanity(generation.gate)
        self.outside = outside(generation.gate)
        self.warnings = [mark for mark in marks_of(generation) if mark.kind != MarkKind.ADDED]
        self.queued = duration(generation.created_at, generation.started_at)
        self.took = duration(generation.started_at, generation.finished_at)
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


def facts(generation: Generation | None) -> dict[str, str]:
    if generation is None:
        return {"Model": "-", "Tokens in / out": "-", "Cost": "-"}
    tokens = f"{generation.prompt_tokens:,} / {generation.completion_tokens:,}"
    cost = cost_of(generation.calls, generation.cost)
    return {"Model": model_of(generation), "Tokens in / out": tokens, "Cost": cost}


def model_of(generation: Generation) -> str:
    """Return the model that wrote it, and why that is another than was requested if it is."""
    model = generation.model or generation.requested_model or "-"
    if others := generation.provenance.get("answered_by"):
        model = ANSWERED_BY.format(model=model, others=", ".join(others))
    return FALLBACK.format(model=model, reason=generation.fallback_reason) if generation.fallback_reason else model


def sanity(gate: dict[str, Any]) -> str:
    """Return whether the sanity measures are within their limits; without a text there are none."""
    if not gate:
        return "-"
    return OUTSIDE if gate.get("failed") else WITHIN


def outside(gate: dict[str, Any]) -> list[str]:
    return [f"{name.replace('_', ' ')}: {gate.get(name)}" for name in gate.get("failed", [])]
