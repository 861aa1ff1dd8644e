"""Writing with a model too small to be believed: the author's words, put in form by code.

The model says only where it is unclear whether a few words are a sentence. No word of the post is its own.
"""

from __future__ import annotations

from typing import Any

from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.writer import prompts
from generation.writer.brief import Brief, CleanBrief, authors_title
from generation.writer.calls import ModelCalls
from generation.writer.checks.assess import assess
from generation.writer.checks.findings import Finding
from generation.writer.checks.review import Subject, review
from generation.writer.draft import Draft, OnProgress
from generation.writer.extract import Extract, extract
from generation.writer.points import capitalised
from generation.writer.purse import OPEN_PURSE, Purse
from generation.writer.sanitizer import NOTES_LIMIT
from generation.writer.text_thread import in_text_thread


async def write(
    brief: Brief, client: ModelClient, on_progress: OnProgress, paid_answers: PaidAnswers, purse: Purse = OPEN_PURSE
) -> Draft:
    """Write a post of the author's own words, with a call of one token for each unclear point.

    Raises:
        GenerationFailed: the brief asks for another language than its own, or a call failed.
    """
    clean = CleanBrief.of(brief, NOTES_LIMIT)
    on_progress("plan", 0, 1)
    title = authors_title(brief)
    # A title that cleaning leaves nothing of is the post's all the same, but nothing to put into a text.
    shown = title if clean.title else ""
    extracted = await in_text_thread(extract, brief.language, shown, clean)
    content = await in_text_thread(extracted.content)
    on_progress("plan", 1, 1)
    calls = ModelCalls(client, paid_answers, purse)
    answers = await _ask(extracted, calls, on_progress, content)
    on_progress("edit", 0, 1)
    content = await in_text_thread(extracted.content, answers, raw=content)
    on_progress("check", 0, 1)
    measures, findings = await in_text_thread(_checked, clean, extracted.language, content, raw=content)
    on_progress("check", 1, 1)
    provenance = {
        "sampling": prompts.small.sampling(),
        "seed": paid_answers.seed,
        "added": [],  # sentences of the model's: the labels cleared none of those that were tried
        "orders": list(extracted.orders),
        "unused_notes": list(extracted.unused),
    }
    version = prompts.version("small")
    return Draft(title, content, calls.usage, measures, version, provenance, warnings=tuple(findings))


async def _ask(extracted: Extract, calls: ModelCalls, on_progress: OnProgress, content: str) -> dict[int, bool]:
    """Ask the model which unclear points are sentences."""
    places = extracted.unclear
    answers: dict[int, bool] = {}
    answered = 0

    def on_answer(number: int, text: str) -> None:
        nonlocal answered
        answered += 1
        if (is_sentence := prompts.small.is_sentence(text)) is not None:
            answers[places[number]] = is_sentence
        on_progress("write", answered, len(places), content)

    on_progress("write", 0, max(1, len(places)), content)
    await calls.many([prompts.small.continuation(capitalised(extracted.points[at].text)) for at in places], on_answer)
    if not places:
        on_progress("write", 1, 1, content)
    return answers


def _checked(clean: CleanBrief, language: str, content: str) -> tuple[dict[str, Any], list[Finding]]:
    """Return the measures of a post and what is to be said of it.

    No measure is a reason to reject it: they expect the length and form that a large model writes to.
    """
    measures = assess(clean.title, clean.notes, content)
    subject = Subject(clean.title, clean.notes, language=language or "auto", length="")
    return measures | {"failed": [], "dropped_orders": clean.dropped}, review(content, subject, measures)
