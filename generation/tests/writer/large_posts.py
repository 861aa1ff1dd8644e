"""Posts that the large profile writes with the scripted model server, as tests of its parts have them written."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from generation import smol_blogwriter
from generation.failures import GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.llm.providers import configured_provider
from generation.writer.brief import Brief
from generation.writer.draft import Draft, RejectedDraft

TITLE = "Growing tomatoes on a balcony"
NOTES = ("choose compact varieties", "water in the morning", "pinch out side shoots")
BRIEF = Brief(TITLE, "; ".join(NOTES))
# What the messages of each kind of call hold.
PLANNING, DRAFTING, REWRITING = "Plan a blog post", "Write the blog post", "An editor looked at the post"
VERIFYING, EDITING = "Compare a blog post", "An editor looked at a blog post"
KINDS = {
    "Plan a": "plan",
    "This plan": "plan again",
    "Write the": "draft",
    "Go on": "section",
    "Compare a": "verify",
    "An editor looked at the": "rewrite",
    "An editor looked at a": "edits",
}
SHORT_POST = "Tomatoes.\n\n## Balcony\n\nThey grow."


def write(brief: Brief = BRIEF, steps: list[Any] | None = None, paid_answers: PaidAnswers | None = None) -> Draft:
    """Return a post, and add each stage of writing it to `steps`."""

    async def one_post() -> Draft:
        async with ModelClient(configured_provider()) as client:
            stages: list[Any] = steps if steps is not None else []
            return await smol_blogwriter.write(brief, client, lambda stage, *_: stages.append(stage), paid_answers)

    return asyncio.run(one_post())


def failure(brief: Brief = BRIEF, paid_answers: PaidAnswers | None = None) -> GenerationFailed:
    with pytest.raises(GenerationFailed) as caught:
        write(brief, paid_answers=paid_answers)
    return caught.value


def rejected(brief: Brief = BRIEF) -> RejectedDraft:
    caught = failure(brief)
    assert isinstance(caught, RejectedDraft)
    return caught


def answer(server: Any, times: int = 1, **behaviour: Any) -> None:
    server.answer(replace(server.script.standing, **behaviour), times=times)


def claims(*found: tuple[str, int, str]) -> str:
    """Return a verification's answer: sentence, note and problem of each claim."""
    named = [{"sentence": sentence, "note": note, "problem": problem} for sentence, note, problem in found]
    return json.dumps({"claims": named})


def edits(*pairs: tuple[str, str]) -> str:
    """Return a repair's answer: what is found and what replaces it."""
    return json.dumps({"edits": [{"find": find, "replace": replacement} for find, replacement in pairs]})


def kinds(server: Any) -> list[str]:
    """Return what each call was for."""
    asked = [call.body["messages"][-1]["content"] for call in server.calls]
    return [next(kind for start, kind in KINDS.items() if text.startswith(start)) for text in asked]


def last_prompt(server: Any) -> str:
    return str(server.calls[-1].said)
