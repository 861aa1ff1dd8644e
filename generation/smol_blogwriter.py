"""The writer: a title and notes go in, a post comes out."""

from __future__ import annotations

import asyncio

from generation import large_profile, small_profile
from generation.drafts import Brief, Draft, Report
from generation.providers import ModelClient, configured_provider

__all__ = ["Brief", "Draft", "Report", "write", "write_blog_post"]


def _silent(stage: str, done: int, total: int, text: str = "", /) -> None:
    """Report to nobody."""


async def write(brief: Brief, client: ModelClient, report: Report = _silent) -> Draft:
    """Write a post with the profile that suits the client's provider.

    Args:
        brief: the author's title and notes, as they were typed.
        client: an open client; its provider chooses the profile.
        report: told at each step: the stage (`plan`, `write`, `edit`, `check`), how much is done, and of how much.

    Raises:
        GenerationFailed: with the code for what went wrong, what the model had written, and what was spent.
        asyncio.CancelledError: the task was cancelled; calls in flight are ended.
    """
    write_it = small_profile.write if client.provider.profile == "small" else large_profile.write
    return await write_it(brief, client, report)


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
