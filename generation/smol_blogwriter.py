"""The writer: a title and notes go in, a post comes out."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.llm.providers import configured_provider
from generation.writer import large, small
from generation.writer.brief import Brief
from generation.writer.draft import Draft, OnProgress, RejectedDraft, checked
from generation.writer.purse import OPEN_PURSE, Purse

__all__ = ["Brief", "Draft", "OnProgress", "RejectedDraft", "write", "write_blog_post", "write_for_review"]


def _ignore_progress(stage: str, done: int, total: int, text: Sequence[str] | None = None, /) -> None:
    """Do nothing with the progress."""


async def write(
    brief: Brief,
    client: ModelClient,
    on_progress: OnProgress = _ignore_progress,
    paid_answers: PaidAnswers | None = None,
    purse: Purse = OPEN_PURSE,
) -> Draft:
    """Write a post with the profile that suits the client's provider.

    Args:
        brief: the author's title and notes, as they were typed.
        client: an open client; its provider chooses the profile.
        on_progress: called at each step.
        paid_answers: what earlier attempts at this post paid for; new answers and their usage are added to it.
        purse: asked before each call.

    Raises:
        RejectedDraft: the result is a complete text, but did not pass the checks.
        GenerationFailed: with the code for what went wrong, and what the model had written.
        asyncio.CancelledError: the task was cancelled; calls in flight are ended.
    """
    write_draft = small.write if client.provider.profile == "small" else large.write
    stopwatch = _Stopwatch(on_progress)
    paid_answers = paid_answers or PaidAnswers()
    draft = await write_draft(brief, client, stopwatch.on_progress, paid_answers, purse)
    return checked(_with_provenance(draft, brief, stopwatch, paid_answers.tiers))


async def write_for_review(
    brief: Brief,
    client: ModelClient,
    on_progress: OnProgress = _ignore_progress,
    paid_answers: PaidAnswers | None = None,
    purse: Purse = OPEN_PURSE,
) -> Draft:
    """Write like `write`, but return a rejected draft too: a person is going to review it.

    Raises:
        GenerationFailed: there is no complete text.
    """
    try:
        return await write(brief, client, on_progress, paid_answers, purse)
    except RejectedDraft as rejected:
        return rejected.draft


class _Stopwatch:
    """Counts the seconds of each stage, and passes the progress on."""

    def __init__(self, listener: OnProgress) -> None:
        self.listener = listener
        self.seconds: dict[str, float] = {}
        self.stage, self.since = "", time.monotonic()

    def on_progress(self, stage: str, done: int, total: int, text: Sequence[str] | None = None, /) -> None:
        self.enter(stage)
        self.listener(stage, done, total, text)

    def enter(self, stage: str) -> None:
        now = time.monotonic()
        if self.stage:
            self.seconds[self.stage] = round(self.seconds.get(self.stage, 0.0) + now - self.since, 3)
        self.stage, self.since = stage, now


def _with_provenance(draft: Draft, brief: Brief, stopwatch: _Stopwatch, tiers: Mapping[str, int]) -> Draft:
    stopwatch.enter("")
    style = hashlib.sha256(brief.house_style.encode()).hexdigest()[:12] if brief.house_style else ""
    more = {"seconds": stopwatch.seconds, "house_style": style} | ({"service_tier": dict(tiers)} if tiers else {})
    return replace(draft, provenance={**draft.provenance, **more})


def write_blog_post(title: str, content: str) -> dict[str, str]:
    """Write a post with the configured provider, and wait for it; not for use inside a running event loop.

    Args:
        title: what the post is about.
        content: the author's notes, possibly empty.

    Returns:
        The post's `title` and its `content` in Markdown.

    Raises:
        GenerationFailed: with the code for what went wrong.
    """
    draft = asyncio.run(_write_alone(Brief(title, content)))
    return {"title": draft.title, "content": draft.content}


async def _write_alone(brief: Brief) -> Draft:
    async with ModelClient(configured_provider()) as client:
        return await write(brief, client)
