"""Each call is reserved before it is made, and released when it is over."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.llm.prompt_size import most_prompt_tokens
from generation.llm.providers import configured_provider
from generation.tests.writer.test_calls import MAX_TOKENS, POTS, answer
from generation.writer.calls import ModelCalls

MOST = Usage(most_prompt_tokens(POTS), MAX_TOKENS, calls=1, estimated=1)


class Ledger:
    """A purse that writes down what happens, and does something else on the way."""

    def __init__(self, paid_answers: PaidAnswers, on_reserve: Callable[[], Awaitable[None]] | None = None) -> None:
        self.paid_answers, self.on_reserve = paid_answers, on_reserve
        self.steps: list[tuple[str, Usage, int]] = []

    async def reserve(self, most: Usage) -> None:
        if self.on_reserve:
            await self.on_reserve()
        self.steps.append(("reserve", most, self.paid_answers.usage.calls))

    def release(self, most: Usage) -> None:
        self.steps.append(("release", most, self.paid_answers.usage.calls))


def run(work: Callable[[ModelCalls], Awaitable[Any]], on_reserve: Any = None) -> tuple[Ledger, Usage]:
    paid_answers = PaidAnswers()
    ledger = Ledger(paid_answers, on_reserve)

    async def with_client() -> None:
        async with ModelClient(configured_provider()) as client:
            await work(ModelCalls(client, paid_answers, ledger))

    asyncio.run(with_client())
    return ledger, paid_answers.usage


def test_a_call_is_reserved_before_it_and_released_when_it_is_counted(model_server: Any) -> None:
    ledger, _ = run(lambda calls: calls.one(POTS))
    assert ledger.steps == [("reserve", MOST, 0), ("release", MOST, 1)]


def test_a_purse_that_refuses_fails_the_post_without_a_call(model_server: Any) -> None:
    async def refuse() -> None:
        raise GenerationFailed(FailureCode.QUOTA_EXCEEDED, "No more today.")

    async def work(calls: ModelCalls) -> None:
        with pytest.raises(GenerationFailed) as caught:
            await calls.one(POTS)
        assert caught.value.code == FailureCode.QUOTA_EXCEEDED

    ledger, usage = run(work, refuse)
    assert (model_server.calls, ledger.steps, usage) == ([], [], Usage())


def test_a_post_that_is_cancelled_while_it_reserves_makes_no_call(model_server: Any) -> None:
    async def work(calls: ModelCalls) -> None:
        call = asyncio.create_task(calls.one(POTS))
        await asyncio.sleep(0.01)
        call.cancel()
        await asyncio.wait([call])

    ledger, usage = run(work, asyncio.Event().wait)
    assert (model_server.calls, ledger.steps, usage) == ([], [], Usage())


def test_a_cancelled_call_leaves_the_rest_of_its_allowance(model_server: Any) -> None:
    answer(model_server, fault="hang")

    async def work(calls: ModelCalls) -> None:
        call = asyncio.create_task(calls.one(POTS))
        await asyncio.to_thread(model_server.wait_until, bool)
        call.cancel()
        await asyncio.wait([call])

    ledger, usage = run(work)
    assert usage == Usage(MOST.prompt_tokens, calls=1, estimated=1, cut_tokens=MAX_TOKENS)
    assert [step for step, *_ in ledger.steps] == ["reserve", "release"]


@pytest.mark.parametrize("fault", ["reset", "broken_body"])
def test_a_call_that_broke_off_may_have_used_its_allowance(model_server: Any, fault: str) -> None:
    answer(model_server, fault=fault, text="Clay breathes. " * 4)

    async def work(calls: ModelCalls) -> None:
        with pytest.raises(GenerationFailed):
            await calls.one(POTS, repairs=0, pieces=[])

    _, usage = run(work)
    assert usage.completion_tokens + usage.cut_tokens == MAX_TOKENS
    assert (usage.calls, usage.prompt_tokens) == (1, MOST.prompt_tokens)


def test_what_is_learnt_after_the_reservation_asks_for_no_more(model_server: Any) -> None:
    async def work(calls: ModelCalls) -> None:
        async def learn() -> None:
            calls._client.dialect.allowances.thinks = True

        calls._purse.on_reserve = learn  # type: ignore[attr-defined]
        await calls.one(POTS)

    run(work)
    assert [call.body["max_tokens"] for call in model_server.calls] == [MAX_TOKENS]
