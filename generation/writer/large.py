"""Writing with a model that can write a whole post: plan, draft, check, and at most one repair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings

from generation.failures import GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.writer import prompts
from generation.writer.answers import UnusableAnswer
from generation.writer.brief import Brief, CleanBrief, authors_title
from generation.writer.calls import ModelCalls, is_spoiled
from generation.writer.checks.assess import Wanted, is_translated
from generation.writer.checks.findings import Finding
from generation.writer.checks.review import Subject
from generation.writer.draft import Draft, OnProgress
from generation.writer.plan import Plan, offered_title, plan_from_notes, read_plan
from generation.writer.prompts.budgets import BY_SECTIONS
from generation.writer.prompts.large import Material
from generation.writer.purse import OPEN_PURSE, Purse
from generation.writer.refusals import raise_if_refused
from generation.writer.repair import Repair
from generation.writer.reviewer import Reviewed, Reviewer
from generation.writer.sanitizer import clean
from generation.writer.sections import write_sections
from generation.writer.text_thread import in_text_thread
from generation.writer.verification import read_claims
from generation.writer.words import is_unspaced

NOTES_LIMIT = 20_000  # characters, as many as a brief may have
HOUSE_STYLE_LIMIT = 4000  # characters
UNSPACED = ("ja", "ko", "zh")


async def write(
    brief: Brief, client: ModelClient, on_progress: OnProgress, paid_answers: PaidAnswers, purse: Purse = OPEN_PURSE
) -> Draft:
    """Write a post: a plan, a draft (of a long post, each section), a verification, and a repair if it needs one.

    Raises:
        GenerationFailed: a call failed beyond repair.
    """
    clean_brief = CleanBrief.of(brief, NOTES_LIMIT)
    material, calls = material_of(brief, clean_brief), ModelCalls(client, paid_answers, purse)
    translated = is_translated(brief.language, f"{material.title} {material.notes}")
    on_progress("plan", 0, 1)
    plan = await _plan(material, calls, translated)
    on_progress("plan", 1, 1)
    text = await _draft(material, plan, calls, on_progress)
    subject = Subject(
        material.title, material.notes, brief.language, brief.length, plan.planned, known=material.house_style
    )
    reviewer = Reviewer(subject, Wanted(brief.length, translated))
    draft = await reviewer.review(text)
    parts = len(plan.sections) if brief.length == BY_SECTIONS else 1
    on_progress("write", parts, parts, draft.content)
    on_progress("check", 0, 1)
    claims, verification = await _claims(material, draft, calls)
    draft = await in_text_thread(draft.with_claims, claims)
    account: dict[str, Any] = {"verification": verification}
    if draft.to_repair:
        on_progress("edit", 0, 1)
        repair = Repair(material, plan.outline(material.unit), calls, reviewer)
        draft, account["repair"] = await repair.better(draft, claims)
        on_progress("edit", 1, 1, draft.content)
    on_progress("check", 1, 1)
    if offered := offered_title(plan.title, material, translated=translated):
        account["offered_title"] = offered
    provenance = {"sampling": sent(prompts.large.sampling(brief.length), client), "seed": None, **account}
    measures = {**draft.measures, "planned_by": plan.by, "dropped_orders": clean_brief.dropped}
    return Draft(
        authors_title(brief), draft.content, calls.usage, measures, prompts.version("large"), provenance,
        warnings=draft.findings, is_post=draft.is_post,
    )  # fmt: skip


def material_of(brief: Brief, cleaned: CleanBrief) -> Material:
    """Return a brief as the prompts show it."""
    unspaced = brief.language in UNSPACED or (brief.language == "auto" and is_unspaced(cleaned.title))
    style = clean(brief.house_style, HOUSE_STYLE_LIMIT)
    options = brief.length, brief.tone, brief.audience, brief.language
    return Material(cleaned.title, cleaned.notes, *options, house_style=style, unspaced=unspaced)


async def _plan(material: Material, calls: ModelCalls, translated: bool) -> Plan:
    rejected: tuple[str, Sequence[str]] | None = None
    for _ in range(2):
        try:
            text = await calls.one(prompts.large.plan(material, rejected), repairs=0)
            raise_if_refused(text)
            return await in_text_thread(partial(read_plan, translated=translated), text, material)
        except UnusableAnswer as unusable:
            rejected = (text, unusable.args)
        except GenerationFailed as failure:
            if not is_spoiled(failure):
                raise
    return await in_text_thread(plan_from_notes, material)


async def _draft(material: Material, plan: Plan, calls: ModelCalls, on_progress: OnProgress) -> str:
    if material.length == BY_SECTIONS:
        return await write_sections(material, plan, calls, on_progress)
    pieces: list[str] = []
    on_progress("write", 0, 1, pieces)
    text = await calls.one(prompts.large.draft(material, plan.outline(material.unit)), pieces=pieces)
    raise_if_refused(text)
    return text


async def _claims(material: Material, draft: Reviewed, calls: ModelCalls) -> tuple[list[Finding], str]:
    """Return what a model finds untrue in a draft by the notes, and how that went.

    Raises:
        GenerationFailed: the call failed, and may succeed later: the draft is among the paid answers.
    """
    if not settings.GENERATION_VERIFY or not draft.is_post:
        return [], "off"
    if not material.facts:
        return [], "no notes"
    try:
        answer = await calls.one(prompts.corrections.verify(material, draft.content), repairs=0)
        claims = await in_text_thread(read_claims, answer, draft.content, material.title, material.facts)
    except UnusableAnswer:
        return [], "unusable"
    except GenerationFailed as failure:
        if failure.code.retryable:
            raise
        return [], "unusable"
    return claims, f"found {len(claims)}" if claims else "passed"


def sent(sampling: Mapping[str, Mapping[str, Any]], client: ModelClient) -> dict[str, dict[str, Any]]:
    """Return how the answers were sampled, by the kind of call: without what the server did not take."""
    return {kind: client.dialect.sampling(values) for kind, values in sampling.items()}
