"""The model calls of one post: how many at once, what they cost together, and immediate retries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from functools import partial

from django.conf import settings

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.allowances import size
from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.llm.prompt_size import most_prompt_tokens
from generation.llm.request import ModelRequest
from generation.llm.responses import Completion, ServerFailed
from generation.writer.purse import OPEN_PURSE, Purse

_CUT = {FailureCode.TIMEOUT, FailureCode.PROVIDER_UNAVAILABLE}  # failures that end an answer before its end
_UNREADABLE = {FailureCode.INVALID_OUTPUT, FailureCode.EMPTY_OUTPUT}  # it answered, with no completion
_SPOILED = {FailureCode.INVALID_OUTPUT, FailureCode.EMPTY_OUTPUT, FailureCode.TRUNCATED}
REPAIRS = 2
BYTES_A_TOKEN = 3  # of a prompt, at least: most languages have more
ONLY_THOUGHTS = "The model thought until its limit and wrote no text."
THINK_LESS = "Set OPENAI_REASONING_EFFORT to low, or choose a model that thinks less."
ENDED_BY = "The server gave the reason: {reason}."
OVER_BUDGET = (
    "This post has used {spent} tokens, and its next call could use {next} more: GENERATION_TOKENS_MAX allows {limit}"
    " for one post."
)


def is_spoiled(failure: GenerationFailed) -> bool:
    """Whether the call is worth an immediate retry: the next answer is a different one."""
    return failure.code in _SPOILED and not failure.is_final


class ModelCalls:
    """Calls a model for one post.

    Args:
        client: open.
        paid_answers: what earlier attempts paid for; none of it is requested again.
        purse: asked before each call.
    """

    def __init__(self, client: ModelClient, paid_answers: PaidAnswers | None = None, purse: Purse = OPEN_PURSE) -> None:
        self.paid_answers = paid_answers or PaidAnswers()
        self._client, self._purse = client, purse
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
                completion = await self.complete(request, pieces)
                text = read(completion)
            except GenerationFailed as failure:
                if repairs == 0 or not is_spoiled(failure):
                    raise
                repairs -= 1
            else:
                self.paid_answers.keep(model, request, completion)
                return text

    async def complete(self, request: ModelRequest, pieces: list[str] | None) -> Completion:
        """Return an answer; one whose allowance went into thoughts is asked for once more, with room for them.

        Args:
            request: what to send.
            pieces: makes the answer stream, and is filled with it as it arrives.

        Raises:
            GenerationFailed: it went into thoughts again, as it would each time.
        """
        allowances = self._client.dialect.allowances
        had_room = allowances.thinks
        completion = await self._complete(request, pieces)
        lacks_room = completion.is_thought_only or (completion.is_cut and completion.has_thought)
        if lacks_room and not had_room:
            allowances.thinks = True
            completion = await self._complete(request, pieces)
        if completion.is_thought_only:
            code = FailureCode.TRUNCATED
            raise GenerationFailed(code, ONLY_THOUGHTS, details=THINK_LESS, is_final=True)
        return completion

    async def _complete(self, request: ModelRequest, pieces: list[str] | None) -> Completion:
        async with self._slot:
            expected, most = self._most(request)
            self._tokens += expected
            try:
                await self._purse.reserve(most)
            except BaseException:  # nothing is reserved, and no call is made
                self._tokens -= expected
                raise
            used, text, is_cut, is_sent = Usage(), "", False, asyncio.Event()
            try:
                completion = await self._client.complete(request, pieces, is_sent.set, most.completion_tokens)
                used, text = completion.usage, completion.text
            except GenerationFailed as failure:
                used, text, is_cut = _paid_for(failure), failure.raw, failure.code in _CUT
                raise
            except asyncio.CancelledError:  # the provider charges for what it had read and written
                used, text = Usage(calls=int(is_sent.is_set())), "".join(pieces or ())
                raise
            finally:
                used = _counted(used, most, text, is_cut=is_cut)
                self.paid_answers.spend(used)
                self._tokens += used.prompt_tokens + used.completion_tokens - expected
                self._purse.release(most)
        self.paid_answers.count_tier(completion.service_tier)
        return completion

    def _most(self, request: ModelRequest) -> tuple[int, Usage]:
        """Return how many tokens a call is expected to use for the post's own limit, and the most that it can use.

        Raises:
            GenerationFailed: it would exceed the post's limit.
        """
        allowances = self._client.dialect.allowances
        allowed = allowances.for_call(request.sampling["max_tokens"], request.messages)
        expected = size(request.messages) // BYTES_A_TOKEN + allowed
        if self._tokens + expected > settings.GENERATION_TOKENS_MAX:
            problem = OVER_BUDGET.format(spent=self._tokens, next=expected, limit=settings.GENERATION_TOKENS_MAX)
            raise GenerationFailed(FailureCode.QUOTA_EXCEEDED, problem)
        prompt = most_prompt_tokens(request, thinks=allowances.thinks)
        return expected, Usage(prompt, allowed, calls=1, estimated=1)


def _counted(usage: Usage, most: Usage, text: str, *, is_cut: bool) -> Usage:
    """Return what a call used, with a guess at what its server did not count, and what it may have used unseen."""
    if not usage.calls:
        return usage
    is_counted = usage.prompt_tokens and (usage.completion_tokens or not text)
    if is_counted and not is_cut:
        return usage
    if not is_counted:
        usage = replace(most, completion_tokens=len(text.encode()) // BYTES_A_TOKEN)
    return replace(usage, cut_tokens=max(0, most.completion_tokens - usage.completion_tokens))


def _paid_for(failure: GenerationFailed) -> Usage:
    """Return what a failed call is charged for: nothing if the server was away, or said that it failed.

    A call that ran out of time, or whose connection broke, may be charged for, whether it has shown anything or not,
    and one whose answer cannot be read is.
    """
    if failure.code == FailureCode.TIMEOUT or (failure.usage is None and failure.code in _UNREADABLE):
        return failure.usage or Usage(calls=1)
    if isinstance(failure, ServerFailed) and not failure.raw and not _has_counts(failure.usage):
        return Usage()
    return failure.usage or Usage()


def _has_counts(usage: Usage | None) -> bool:
    return bool(usage and usage.prompt_tokens)


def _finished(completion: Completion) -> str:
    if not completion.text.strip():
        raise GenerationFailed(FailureCode.EMPTY_OUTPUT, FailureCode.EMPTY_OUTPUT.summary)
    if completion.is_cut:
        details = ENDED_BY.format(reason=completion.finish_reason)
        code = FailureCode.TRUNCATED
        raise GenerationFailed(code, code.summary, details=details, raw=completion.text)
    return completion.text


def _first(group: BaseExceptionGroup[GenerationFailed]) -> GenerationFailed:
    failure = group.exceptions[0]
    return _first(failure) if isinstance(failure, BaseExceptionGroup) else failure
