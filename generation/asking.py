"""The calls of one post: how many at once, what they cost together, and the immediate second and third try."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial

from generation.completions import Completion
from generation.failures import FailureCode, GenerationFailed
from generation.prompts import Ask
from generation.providers import ModelClient
from generation.usage import Usage

# Worth asking again at once: the next answer is another one.
SPOILED = {FailureCode.INVALID_OUTPUT, FailureCode.EMPTY_OUTPUT, FailureCode.TRUNCATED}
REPAIRS = 2


class Asker:
    """Asks on behalf of one post."""

    def __init__(self, client: ModelClient) -> None:
        self.usage = Usage()
        self._client = client
        at_once = client.provider.calls_at_once
        self._slot: AbstractAsyncContextManager[None] = asyncio.Semaphore(at_once) if at_once else nullcontext()

    async def whole(self, ask: Ask, repairs: int = REPAIRS) -> str:
        """Return a text that the model finished.

        Args:
            ask: the call.
            repairs: how often to ask again at once when the answer is malformed, empty or cut.

        Raises:
            GenerationFailed: with what the post has cost so far, and what was written last.
        """
        return await self._answer(ask, _finished, repairs)

    async def some(self, asks: Sequence[Ask], told: Callable[[int, str], None]) -> list[str]:
        """Return one text for each of `asks`, which may be cut or empty; `told` hears each with its number.

        Raises:
            GenerationFailed: the first of the calls that failed; the others are cancelled.
        """
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._one_of_some(ask, partial(told, n))) for n, ask in enumerate(asks)]
        except* GenerationFailed as failures:
            first = failures
        else:
            return [task.result() for task in tasks]
        raise _first(first)

    async def _one_of_some(self, ask: Ask, told: Callable[[str], None]) -> str:
        text = await self._answer(ask, lambda completion: completion.text, REPAIRS)
        told(text)
        return text

    async def _answer(self, ask: Ask, read: Callable[[Completion], str], repairs: int) -> str:
        while True:
            try:
                return read(await self._complete(ask))
            except GenerationFailed as failure:
                failure.usage = self.usage
                if failure.code not in SPOILED or repairs == 0:
                    raise
                repairs -= 1

    async def _complete(self, ask: Ask) -> Completion:
        async with self._slot:
            try:
                completion = await self._client.complete(ask.messages, json_schema=ask.json_schema, **ask.sampling)
            except GenerationFailed as failure:
                self.usage += failure.usage or Usage()
                raise
        self.usage += completion.usage
        return completion


def _finished(completion: Completion) -> str:
    if not completion.text.strip():
        raise GenerationFailed(FailureCode.EMPTY_OUTPUT, "The model wrote nothing.")
    if completion.finish_reason == "length":
        problem = "The model's text was cut at its length limit."
        raise GenerationFailed(FailureCode.TRUNCATED, problem, raw=completion.text)
    return completion.text


def _first(group: BaseExceptionGroup[GenerationFailed]) -> GenerationFailed:
    failure = group.exceptions[0]
    return _first(failure) if isinstance(failure, BaseExceptionGroup) else failure
