"""One run of the writer over briefs: texts that can be saved, and scored again without a call."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from generation.evaluation.briefs import EvaluationBrief
from generation.evaluation.controls import authors_sentences, pasted_notes
from generation.evaluation.measures import measure
from generation.evaluation.outcome import Outcome, unharmed
from generation.evaluation.post import Post
from generation.evaluation.sanity import Sanity
from generation.failures import GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.llm.providers import Provider
from generation.llm.request import ModelRequest
from generation.private_file import private
from generation.smol_blogwriter import write_for_review
from generation.writer.brief import CleanBrief
from generation.writer.calls import ModelCalls
from generation.writer.sanitizer import NOTES_LIMIT

Write = Callable[[EvaluationBrief, ModelClient, PaidAnswers], Awaitable[Outcome]]

ONE_PROMPT = 'Write a blog post titled "{title}". Use Markdown with a "## " heading for each section.{about}'
ONE_PROMPT_NOTES = " Cover these points: {notes}"
ONE_SAMPLING = {"max_tokens": 1000, "temperature": 0.7}
CONTROLS = {"notes": pasted_notes, "sentences": authors_sentences}
NOT_A_RUN = "{path} was not written by --out."


def run(brief: EvaluationBrief, provider: Provider, how: Write) -> Outcome:
    """Have one brief written; whatever goes wrong becomes part of the outcome."""
    started = time.monotonic()
    # The same seed each time.
    paid_answers = PaidAnswers(saved={"seed": zlib.crc32(brief.id.encode())})
    try:
        outcome = asyncio.run(_with_client(brief, provider, how, paid_answers))
    except GenerationFailed as failure:
        usage = paid_answers.usage
        outcome = Outcome("", failure.code, failure.for_staff, 0.0, usage.calls, usage.completion_tokens)
    except Exception as error:  # the evaluation of the others goes on, and this is what robust briefs are there to find
        outcome = Outcome("", "exception", repr(error))
    return Outcome(**asdict(outcome) | {"seconds": round(time.monotonic() - started, 2)})


async def _with_client(brief: EvaluationBrief, provider: Provider, how: Write, paid_answers: PaidAnswers) -> Outcome:
    async with ModelClient(provider) as client:
        return await how(brief, client, paid_answers)


async def by_the_writer(brief: EvaluationBrief, client: ModelClient, paid_answers: PaidAnswers) -> Outcome:
    """Write as the service does."""
    draft = await write_for_review(brief.for_writer, client, paid_answers=paid_answers)
    usage = draft.usage
    return Outcome(
        draft.content,
        calls=usage.calls,
        completion_tokens=usage.completion_tokens,
        seed=draft.provenance.get("seed"),
        prompt_version=draft.prompt_version,
    )


async def by_one_prompt(brief: EvaluationBrief, client: ModelClient, paid_answers: PaidAnswers) -> Outcome:
    """Request the post with one prompt, and accept whatever is returned: the baseline."""
    clean = CleanBrief.of(brief.for_writer, NOTES_LIMIT)
    about = ONE_PROMPT_NOTES.format(notes=clean.notes) if clean.notes else ""
    prompt = ONE_PROMPT.format(title=clean.title, about=about)
    calls = ModelCalls(client, paid_answers)
    request = ModelRequest([{"role": "user", "content": prompt}], ONE_SAMPLING)
    texts = await calls.many([request], lambda number, text: None)
    usage = calls.usage
    return Outcome(
        texts[0].strip(), calls=usage.calls, completion_tokens=usage.completion_tokens, prompt_version="one-shot"
    )


def by_a_control(brief: EvaluationBrief, name: str) -> Outcome:
    """Make the text of one of `CONTROLS`, which needs no model."""
    started = time.monotonic()
    text = CONTROLS[name](CleanBrief.of(brief.for_writer, NOTES_LIMIT))
    return Outcome(text, seconds=round(time.monotonic() - started, 2), prompt_version=name)


def result(brief: EvaluationBrief, outcome: Outcome) -> dict[str, Any]:
    """Return what is saved of one brief: its name, the outcome, and its measures as the writer saw it: clean."""
    clean = CleanBrief.of(brief.for_writer, NOTES_LIMIT)
    post = Post(clean.title, clean.notes, outcome.text)
    return {
        "id": brief.id,
        "kind": brief.kind,
        "title": brief.title,
        **asdict(outcome),
        "measures": measure(post) if outcome.text.strip() else {},
        "sanity": Sanity.of(post).as_json(),
        "unharmed": unharmed(brief, outcome),
        "findings": [finding.as_json() for finding in post.findings],
    }


def outcome_of(saved: dict[str, Any]) -> Outcome:
    """Return the outcome in a saved result."""
    return Outcome(**{field.name: saved[field.name] for field in fields(Outcome)})


def save(path: Path, summary: dict[str, Any], results: list[dict[str, Any]]) -> None:
    """Write a JSON file that `load` reads."""
    with open(path, "w", encoding="utf-8", opener=private) as file:
        file.write(json.dumps({"summary": summary, "results": results}, indent=1) + "\n")


def load(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the summary and results in a file that `save` wrote.

    Raises:
        ValueError: it is another kind of file.
        OSError: it cannot be read.
    """
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        for one in saved["results"]:
            outcome_of(one)
        return dict(saved["summary"]), list(saved["results"])
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(NOT_A_RUN.format(path=path)) from error
