"""The calls of one post: how many at once, what they cost together, and the immediate second and third try."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial

from django.conf import settings

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.llm.request import ModelRequest
from generation.llm.responses import Completion

# Worth asking again at once: the next answer is another one.
SPOILED = {FailureCode.INVALID_OUTPUT, FailureCode.EMPTY_OUTPUT, FailureCode.TRUNCATED}
REPAIRS = 2
BYTES_A_TOKEN = 3  # of a prompt, at the least: in most languages there are more


class ModelCalls:
    """Asks on behalf of one post.

    Args:
        client: open.
        paid_answers: what earlier attempts paid for; nothing of it is asked for again.
    """

    def __init__(self, client: ModelClient, paid_answers: PaidAnswers | None = None) -> None:
        self.paid_answers = paid_answers or PaidAnswers()
        self._client = client
        self._tokens = self.paid_answers.spent + self.usage.prompt_tokens + self.usage.completion_tokens
        at_once = client.provider.calls_at_once
        self._slot: AbstractAsyncContextManager[None] = asyncio.Semaphore(at_once) if at_once else nullcontext()

    @property
    def usage(self) -> Usage:
        """What the post has taken that is not on its bill yet."""
        return self.paid_answers.usage

    async def one(self, ask: ModelRequest, repairs: int = REPAIRS, pieces: list[str] | None = None) -> str:
        """Return a text that the model finished.

        Args:
            ask: the call.
            repairs: how often to ask again at once when the answer is malformed, empty or cut.
            pieces: has the answer streamed, and is filled with it as it comes.

        Raises:
            GenerationFailed: the last of the calls did, or the post may take no more.
        """
        return await self._answer(ask, _finished, repairs, pieces)

    async def many(self, asks: Sequence[ModelRequest], told: Callable[[int, str], None]) -> list[str]:
        """Return one text for each of `asks`, which may be cut or empty; `told` hears each with its number.

        Raises:
            GenerationFailed: the first of the calls that failed; the others are cancelled.
        """
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._one_of_many(ask, partial(told, n))) for n, ask in enumerate(asks)]
        except* GenerationFailed as failures:
            first = failures
        else:
            return [task.result() for task in tasks]
        raise _first(first)

    async def _one_of_many(self, ask: ModelRequest, told: Callable[[str], None]) -> str:
        text = await self._answer(ask, lambda completion: completion.text, REPAIRS)
        told(text)
        return text

    async def _answer(
        self, ask: ModelRequest, read: Callable[[Completion], str], repairs: int, pieces: list[str] | None = None
    ) -> str:
        model = self._client.provider.model
        if (paid := self.paid_answers.find(model, ask)) is not None:
            return paid
        while True:
            try:
                completion = await self._complete(ask, pieces)
                text = read(completion)
            except GenerationFailed as failure:
                if failure.code not in SPOILED or repairs == 0:
                    raise
                repairs -= 1
            else:
                self.paid_answers.keep(model, ask, completion)
                return text

    async def _complete(self, ask: ModelRequest, pieces: list[str] | None) -> Completion:
        async with self._slot:
            prompt, expected = self._reserved(ask)
            try:
                completion = await self._client.complete(
                    ask.messages, json_schema=ask.json_schema, pieces=pieces, **ask.sampling
                )
            except GenerationFailed as failure:
                self._settle(prompt, expected, failure.usage or Usage(), failure.raw)
                raise
        self._settle(prompt, expected, completion.usage, completion.text)
        return completion

    def _reserved(self, ask: ModelRequest) -> tuple[int, int]:
        """Count the most that a call can take as spent; return the tokens of its prompt alone, and with its answer.

        Raises:
            GenerationFailed: that would be more than a post may take.
        """
        prompt = sum(len(message["content"].encode()) for message in ask.messages) // BYTES_A_TOKEN
        expected = prompt + int(ask.sampling["max_tokens"])
        if self._tokens + expected > settings.GENERATION_TOKENS_MAX:
            raise GenerationFailed(
                FailureCode.QUOTA_EXCEEDED,
                f"This post has taken {self._tokens} tokens, and its next call could take {expected} more: "
                f"GENERATION_TOKENS_MAX allows {settings.GENERATION_TOKENS_MAX} for one post.",
            )
        self._tokens += expected
        return prompt, expected

    def _settle(self, prompt: int, expected: int, usage: Usage, text: str) -> None:
        """Put the price of a call in the place of what was expected; for a server that does not count it is guessed."""
        self.paid_answers.spend(usage)
        told = usage.prompt_tokens + usage.completion_tokens
        guessed = prompt + len(text.encode()) // BYTES_A_TOKEN if usage.calls else 0
        self._tokens += (told or guessed) - expected


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
