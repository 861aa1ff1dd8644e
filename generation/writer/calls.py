"""The model calls of one post: how many at once, what they cost together, and immediate retries."""

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
from generation.llm.responses import Completion, OversizedAnswer

_SPOILED = {FailureCode.INVALID_OUTPUT, FailureCode.EMPTY_OUTPUT, FailureCode.TRUNCATED}
REPAIRS = 2
BYTES_A_TOKEN = 3  # of a prompt, at least: most languages have more
OVER_BUDGET = (
    "This post has used {spent} tokens, and its next call could use {next} more: GENERATION_TOKENS_MAX allows {limit}"
    " for one post."
)


def is_spoiled(failure: GenerationFailed) -> bool:
    """Whether the call is worth an immediate retry: the next answer is a different one.

    A server that ignored the answer's limit once does so again, and each time costs more than a whole answer.
    """
    return failure.code in _SPOILED and not isinstance(failure, OversizedAnswer)


class ModelCalls:
    """Calls a model for one post.

    Args:
        client: open.
        paid_answers: what earlier attempts paid for; none of it is requested again.
    """

    def __init__(self, client: ModelClient, paid_answers: PaidAnswers | None = None) -> None:
        self.paid_answers = paid_answers or PaidAnswers()
        self._client = client
        self._tokens = self.paid_answers.spent + self.usage.prompt_tokens + self.usage.completion_tokens
        at_once = client.provider.calls_at_once
        self._slot: AbstractAsyncContextManager[None] = asyncio.Semaphore(at_once) if at_once else nullcontext()

    @property
    def usage(self) -> Usage:
        """What was spent on the post and is not on its bill yet."""
        return self.paid_answers.usage

    async def one(self, request: ModelRequest, repairs: int = REPAIRS, pieces: list[str] | None = None) -> str:
        """Return a text that the model finished.

        Args:
            request: what to send.
            repairs: how often to retry at once when the answer is malformed, empty or cut off.
            pieces: makes the answer stream, and is filled with it as it arrives.

        Raises:
            GenerationFailed: the last of the calls failed, or the post's token budget is exhausted.
        """
        return await self._answer(request, _finished, repairs, pieces)

    async def many(self, requests: Sequence[ModelRequest], on_answer: Callable[[int, str], None]) -> list[str]:
        """Return one text for each of `requests`, which may be cut off or empty.

        Args:
            requests: what to send.
            on_answer: called with each text as it arrives, and the number of its request.

        Raises:
            GenerationFailed: the first of the calls that failed; the others are cancelled.
        """
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._one_of_many(request, partial(on_answer, number)))
                    for number, request in enumerate(requests)
                ]
        except* GenerationFailed as failures:
            first = failures
        else:
            return [task.result() for task in tasks]
        raise _first(first)

    async def _one_of_many(self, request: ModelRequest, on_answer: Callable[[str], None]) -> str:
        text = await self._answer(request, lambda completion: completion.text, REPAIRS)
        on_answer(text)
        return text

    async def _answer(
        self, request: ModelRequest, read: Callable[[Completion], str], repairs: int, pieces: list[str] | None = None
    ) -> str:
        model = self._client.provider.model
        if (paid := self.paid_answers.find(model, request)) is not None:
            return paid
        while True:
            try:
                completion = await self._complete(request, pieces)
                text = read(completion)
            except GenerationFailed as failure:
                if repairs == 0 or not is_spoiled(failure):
                    raise
                repairs -= 1
            else:
                self.paid_answers.keep(model, request, completion)
                return text

    async def _complete(self, request: ModelRequest, pieces: list[str] | None) -> Completion:
        async with self._slot:
            prompt, reserved = self._reserve(request)
            try:
                completion = await self._client.complete(
                    request.messages, json_schema=request.json_schema, pieces=pieces, **request.sampling
                )
            except GenerationFailed as failure:
                self._settle(prompt, reserved, failure.usage or Usage(), failure.raw)
                raise
        self._settle(prompt, reserved, completion.usage, completion.text)
        self.paid_answers.count_tier(completion.service_tier)
        return completion

    def _reserve(self, request: ModelRequest) -> tuple[int, int]:
        """Count the most that a call can use as spent; return the tokens of its prompt alone, and with its answer.

        Raises:
            GenerationFailed: that would exceed the post's token budget.
        """
        prompt = sum(len(message["content"].encode()) for message in request.messages) // BYTES_A_TOKEN
        expected = prompt + int(request.sampling["max_tokens"])
        if self._tokens + expected > settings.GENERATION_TOKENS_MAX:
            problem = OVER_BUDGET.format(spent=self._tokens, next=expected, limit=settings.GENERATION_TOKENS_MAX)
            raise GenerationFailed(FailureCode.QUOTA_EXCEEDED, problem)
        self._tokens += expected
        return prompt, expected

    def _settle(self, prompt: int, reserved: int, usage: Usage, text: str) -> None:
        """Replace what was reserved by what a call used; for a server that does not count tokens it is estimated."""
        self.paid_answers.spend(usage)
        counted = usage.prompt_tokens + usage.completion_tokens
        estimated = prompt + len(text.encode()) // BYTES_A_TOKEN if usage.calls else 0
        self._tokens += (counted or estimated) - reserved


def _finished(completion: Completion) -> str:
    if not completion.text.strip():
        raise GenerationFailed(FailureCode.EMPTY_OUTPUT, FailureCode.EMPTY_OUTPUT.summary)
    if completion.finish_reason == "length":
        raise GenerationFailed(FailureCode.TRUNCATED, FailureCode.TRUNCATED.summary, raw=completion.text)
    return completion.text


def _first(group: BaseExceptionGroup[GenerationFailed]) -> GenerationFailed:
    failure = group.exceptions[0]
    return _first(failure) if isinstance(failure, BaseExceptionGroup) else failure
