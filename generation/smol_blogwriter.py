"""The writer: a title and notes go in, a post comes out."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace

from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.llm.providers import configured_provider
from generation.writer import large, small
from generation.writer.brief import Brief
from generation.writer.draft import Draft, RejectedDraft, Report, checked

__all__ = ["Brief", "Draft", "RejectedDraft", "Report", "write", "write_blog_post", "write_for_a_look"]


def _silent(stage: str, done: int, total: int, text: Sequence[str] | None = None, /) -> None:
    """Report to nobody."""


async def write(
    brief: Brief, client: ModelClient, report: Report = _silent, paid_answers: PaidAnswers | None = None
) -> Draft:
    """Write a post with the profile that suits the client's provider.

    Args:
        brief: the author's title and notes, as they were typed.
        client: an open client; its provider chooses the profile.
        report: told at each step: the stage (`plan`, `write`, `edit`, `check`), how much is done, and of how much.
        paid_answers: what an earlier attempt at this post paid for; filled as more is paid, and counts what is spent.

    Raises:
        RejectedDraft: a whole text came of it, which did not pass the checks.
        GenerationFailed: with the code for what went wrong, and what the model had written.
        asyncio.CancelledError: the task was cancelled; calls in flight are ended.
    """
    write_it = small.write if client.provider.profile == "small" else large.write
    watch = _Stopwatch(report)
    draft = await write_it(brief, client, watch.report, paid_answers or PaidAnswers())
    return checked(_accounted(draft, brief, watch))


async def write_for_a_look(
    brief: Brief, client: ModelClient, report: Report = _silent, paid_answers: PaidAnswers | None = None
) -> Draft:
    """Write like `write`, but return also a whole text that did not pass the checks: somebody will look at it.

    Raises:
        GenerationFailed: there is no such text either.
    """
    try:
        return await write(brief, client, report, paid_answers)
    except RejectedDraft as rejected:
        return rejected.draft


class _Stopwatch:
    """Passes reports on, and counts the seconds of each stage."""

    def __init__(self, to: Report) -> None:
        self.to = to
        self.seconds: dict[str, float] = {}
        self.stage, self.since = "", time.monotonic()

    def report(self, stage: str, done: int, total: int, text: Sequence[str] | None = None, /) -> None:
        self.turn(stage)
        self.to(stage, done, total, text)

    def turn(self, stage: str) -> None:
        now = time.monotonic()
        if self.stage:
            self.seconds[self.stage] = round(self.seconds.get(self.stage, 0.0) + now - self.since, 3)
        self.stage, self.since = stage, now


def _accounted(draft: Draft, brief: Brief, watch: _Stopwatch) -> Draft:
    watch.turn("")
    style = hashlib.sha256(brief.house_style.encode()).hexdigest()[:12] if brief.house_style else ""
    return replace(draft, provenance={**draft.provenance, "seconds": watch.seconds, "house_style": style})


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
