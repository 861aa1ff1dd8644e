"""One run of the writer over briefs: texts that can be kept, and scored again without a call."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from generation.evaluation.briefs import GivenBrief
from generation.evaluation.measures import Outcome, figures
from generation.failures import GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.llm.providers import Provider
from generation.llm.request import ModelRequest
from generation.smol_blogwriter import write_for_a_look
from generation.writer.brief import CleanBrief
from generation.writer.calls import ModelCalls
from generation.writer.sanitizer import NOTES_LIMIT

Write = Callable[[GivenBrief, ModelClient, PaidAnswers], Awaitable[Outcome]]

ONE_PROMPT = 'Write a blog post titled "{title}". Use Markdown with a "## " heading for each section.{about}'
ONE_PROMPT_NOTES = " Cover these points: {notes}"
ONE_SAMPLING = {"max_tokens": 1000, "temperature": 0.7}


def run(given: GivenBrief, provider: Provider, how: Write) -> Outcome:
    """Have one brief written; whatever goes wrong becomes part of the outcome."""
    started = time.monotonic()
    # A seed that is the same each time.
    paid_answers = PaidAnswers(saved={"seed": zlib.crc32(given.id.encode())})
    try:
        outcome = asyncio.run(_with_client(given, provider, how, paid_answers))
    except GenerationFailed as failure:
        usage = paid_answers.usage
        outcome = Outcome("", failure.code, failure.message, 0.0, usage.calls, usage.completion_tokens)
    except Exception as error:  # the evaluation of the others goes on, and this is what robust briefs are there to find
        outcome = Outcome("", "exception", repr(error))
    return Outcome(**asdict(outcome) | {"seconds": round(time.monotonic() - started, 2)})


async def _with_client(given: GivenBrief, provider: Provider, how: Write, paid_answers: PaidAnswers) -> Outcome:
    async with ModelClient(provider) as client:
        return await how(given, client, paid_answers)


async def by_the_writer(given: GivenBrief, client: ModelClient, paid_answers: PaidAnswers) -> Outcome:
    """Write as the service does."""
    draft = await write_for_a_look(given.for_writer, client, paid_answers=paid_answers)
    spent = draft.usage
    return Outcome(
        draft.content,
        calls=spent.calls,
        completion_tokens=spent.completion_tokens,
        seed=draft.provenance.get("seed"),
        prompt_version=draft.prompt_version,
    )


async def by_one_prompt(given: GivenBrief, client: ModelClient, paid_answers: PaidAnswers) -> Outcome:
    """Ask for the whole post in one prompt, once, and take what comes: the baseline."""
    clean = CleanBrief.of(given.for_writer, NOTES_LIMIT)
    about = ONE_PROMPT_NOTES.format(notes=clean.notes) if clean.notes else ""
    order = ONE_PROMPT.format(title=clean.title, about=about)
    calls = ModelCalls(client, paid_answers)
    request = ModelRequest([{"role": "user", "content": order}], ONE_SAMPLING)
    texts = await calls.many([request], lambda number, text: None)
    spent = calls.usage
    return Outcome(
        texts[0].strip(), calls=spent.calls, completion_tokens=spent.completion_tokens, prompt_version="one-shot"
    )


def result(given: GivenBrief, outcome: Outcome) -> dict[str, Any]:
    """Return what is kept of one brief: the brief's name, the outcome and its figures."""
    return {
        "id": given.id,
        "kind": given.kind,
        "title": given.title,
        **asdict(outcome),
        "figures": figures(given, outcome),
    }


def outcome_of(kept: dict[str, Any]) -> Outcome:
    """Return the outcome in a kept result."""
    return Outcome(**{field.name: kept[field.name] for field in fields(Outcome)})


def save(path: Path, summary: dict[str, Any], results: list[dict[str, Any]]) -> None:
    """Write everything to a file of JSON, which `load` reads."""
    path.write_text(json.dumps({"summary": summary, "results": results}, indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return summary and results of a file that `save` wrote.

    Raises:
        ValueError: it is no such file.
        OSError: it cannot be read.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        for one in kept["results"]:
            outcome_of(one)
        return dict(kept["summary"]), list(kept["results"])
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"{path} was not written by --out.") from error
