"""Writing with a model that can write a whole post: plan, draft, check, and at most one repair."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from generation.failures import GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.llm.request import ModelRequest
from generation.llm.responses import storable
from generation.writer import prompts
from generation.writer.brief import DRAFT_TITLE_LIMIT, Brief, CleanBrief, authors_title
from generation.writer.calls import ModelCalls, is_spoiled
from generation.writer.checks.assess import Wanted, assess, is_translated
from generation.writer.checks.gate import is_post
from generation.writer.draft import Draft, OnProgress
from generation.writer.outline import outline_from_notes
from generation.writer.prompts.large import Material
from generation.writer.sanitizer import clean
from generation.writer.text_thread import in_text_thread
from generation.writer.tidy import json_in, tidy
from generation.writer.words import cover, is_unspaced, stems, words

NOTES_LIMIT = 20_000  # characters, as many as a brief may have
FEWEST, MOST = 3, 6  # sections
HOUSE_STYLE_LIMIT = 4000  # characters
UNSPACED = ("ja", "ko", "zh")
LENGTH_TOLERANCE = 0.2
LEAST_NOTES_COVER = 0.7

Check = Callable[[str], dict[str, Any]]  # returns the measures of a text


@dataclass(frozen=True)
class Plan:
    """An outline as the draft's prompt shows it, a title (empty: the author's), and what made it: `model` or `code`."""

    title: str
    outline: str
    by: str = "model"


class UnusablePlan(ValueError):
    """A plan that breaks the rules; the exception's arguments are sentences that say how."""


async def write(brief: Brief, client: ModelClient, on_progress: OnProgress, paid_answers: PaidAnswers) -> Draft:
    """Write a post in two to four calls.

    Raises:
        GenerationFailed: a call failed beyond repair.
    """
    clean_brief = CleanBrief.of(brief, NOTES_LIMIT)
    material, calls = _material(brief, clean_brief), ModelCalls(client, paid_answers)
    translated = is_translated(brief.language, f"{material.title} {material.notes}")
    check = partial(assess, material.title, material.notes, wanted=Wanted(brief.length, translated))
    on_progress("plan", 0, 1)
    plan = await _plan(material, calls, translated)
    on_progress("plan", 1, 1)
    pieces: list[str] = []
    on_progress("write", 0, 1, pieces)
    text = await calls.one(prompts.large.draft(material, plan.outline), pieces=pieces)
    title = plan.title or authors_title(brief)
    tidied_and_checked = partial(_tidied_and_checked, check=check, title=title)
    content, measures = await in_text_thread(tidied_and_checked, text, raw=text)
    on_progress("write", 1, 1, content)
    on_progress("check", 0, 1)
    if measures["failed"]:
        on_progress("edit", 0, 1)
        request = prompts.large.repair(material, plan.outline, content, measures)
        content, measures = await _repaired(request, tidied_and_checked, content, measures, calls)
        on_progress("edit", 1, 1)
    on_progress("check", 1, 1)
    measures |= {"planned_by": plan.by, "dropped_orders": clean_brief.dropped}
    provenance = {"sampling": sent(prompts.large.sampling(brief.length), client), "seed": None}
    return Draft(title, content, calls.usage, measures, prompts.version("large"), provenance)


def _material(brief: Brief, cleaned: CleanBrief) -> Material:
    unspaced = brief.language in UNSPACED or (brief.language == "auto" and is_unspaced(cleaned.title))
    style = clean(brief.house_style, HOUSE_STYLE_LIMIT)
    options = brief.length, brief.tone, brief.audience, brief.language
    return Material(cleaned.title, cleaned.notes, *options, house_style=style, unspaced=unspaced)


async def _plan(material: Material, calls: ModelCalls, translated: bool) -> Plan:
    rejected = None
    for _ in range(2):
        try:
            text = await calls.one(prompts.large.plan(material, rejected), repairs=0)
            return await in_text_thread(partial(read_plan, translated=translated), text, material)
        except UnusablePlan as unusable:
            rejected = (text, unusable.args)
        except GenerationFailed as failure:
            if not is_spoiled(failure):
                raise
    return await in_text_thread(_plan_from_notes, material)


def read_plan(text: str, material: Material, *, translated: bool = False) -> Plan:
    """Read the model's plan.

    Args:
        text: what the model answered to `prompts.large.plan`.
        material: the brief that the plan is for.
        translated: the post is in another language than the brief.

    Raises:
        UnusablePlan: it is not JSON of the schema, or breaks a rule that a schema cannot hold.
    """
    try:
        answer = json.loads(json_in(text))
        title = " ".join(clean(answer["title"], DRAFT_TITLE_LIMIT).split())
        sections = [
            (storable(str(s["heading"])).strip(), [storable(str(point)) for point in s["points"]], int(s["words"]))
            for s in answer["sections"]
        ]
        problems = _problems(sections, material, translated=translated)
    # Some numbers are too large to be integers, or to be shown.
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise UnusablePlan("It is not JSON of the schema.") from error
    if problems:
        raise UnusablePlan(*problems)
    unit = material.unit
    return Plan(title, "\n".join(f"## {h} ({n} {unit})\n" + "\n".join(f"- {p}" for p in ps) for h, ps, n in sections))


def _problems(sections: list[tuple[str, list[str], int]], material: Material, *, translated: bool) -> list[str]:
    headings = [" ".join(words(heading)) for heading, _, _ in sections]
    length = sum(count for _, _, count in sections)
    text = "\n".join("\n".join([heading, *points]) for heading, points, _ in sections)
    rules = {
        f"It has {len(sections)} sections instead of 3 to 6.": FEWEST <= len(sections) <= MOST,
        "Its headings are not all different.": len(set(headings)) == len(headings) and all(headings),
        f"Its lengths add up to {length} {material.unit} instead of about {material.words}.": (
            abs(length - material.words) <= LENGTH_TOLERANCE * material.words
        ),
        "It leaves out points of the notes.": translated or cover(stems(material.notes), text) >= LEAST_NOTES_COVER,
    }
    return [problem for problem, is_kept in rules.items() if not is_kept]


def _plan_from_notes(material: Material) -> Plan:
    sections = outline_from_notes(material.title, material.notes)
    return Plan("", "\n".join(f"## {section.heading}\n- {section.clause}" for section in sections), by="code")


async def _repaired(
    request: ModelRequest,
    tidied_and_checked: Callable[[str], tuple[str, dict[str, Any]]],
    content: str,
    measures: dict[str, Any],
    calls: ModelCalls,
) -> tuple[str, dict[str, Any]]:
    """Return the better of `content` and one repair of it, with its measures."""
    try:
        repaired, new_measures = await in_text_thread(tidied_and_checked, await calls.one(request, repairs=0))
    except GenerationFailed as failure:
        if failure.code.retryable:
            raise  # the draft is among the paid answers: another attempt pays for the repair only
        return content, measures | {"repair": failure.code.value}
    if _is_better(new_measures, measures):
        return repaired, new_measures | {"repair": "kept"}
    return content, measures | {"repair": "no better"}


def _tidied_and_checked(text: str, check: Check, title: str) -> tuple[str, dict[str, Any]]:
    content = tidy(text, title)
    return content, check(content)


def sent(sampling: Mapping[str, Mapping[str, Any]], client: ModelClient) -> dict[str, dict[str, Any]]:
    """Return how the answers were sampled, by the kind of call: without what the server did not take."""
    return {kind: client.dialect.sampling(values) for kind, values in sampling.items()}


def _is_better(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    def rank(measures: Mapping[str, Any]) -> tuple[bool, int, float]:
        return is_post("-", measures), -len(measures["failed"]), measures["title_cover"] + measures["notes_cover"]

    return rank(new) > rank(old)
