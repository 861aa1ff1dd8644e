"""Many calls of one post, against a real server."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from generation.failures import FailureCode, GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.providers import configured_provider
from generation.llm.request import ModelRequest
from generation.writer.calls import ModelCalls


def ask(subject: str) -> ModelRequest:
    return ModelRequest(
        [{"role": "user", "content": f"Tell me about {subject}."}], {"max_tokens": 60, "temperature": 0.5}
    )


def asking(work: Callable[[ModelCalls], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with ModelClient(configured_provider()) as client:
            return await work(ModelCalls(client))

    return asyncio.run(run())


def answer(server: Any, times: int = 1, **behaviour: Any) -> None:
    server.answer(replace(server.script.standing, **behaviour), times=times)


def test_answers_come_in_the_order_of_the_questions(model_server: Any) -> None:
    answer(model_server, when="about pots.", text="Pots.", delay=0.1)
    answer(model_server, when="about soil.", text="Soil.")
    told: list[int] = []

    async def both(calls: ModelCalls) -> list[str]:
        return await calls.many([ask("pots"), ask("soil")], lambda number, text: told.append(number))

    assert asking(both) == ["Pots.", "Soil."]
    assert len(told) == 2


def test_a_failure_among_many_leaves_what_the_others_cost_on_the_bill(model_server: Any) -> None:
    answer(model_server, when="about pots.", status=503, delay=0.2, retry_after=4)
    used: list[ModelCalls] = []

    async def both(calls: ModelCalls) -> list[str]:
        used.append(calls)
        return await calls.many([ask("pots"), ask("soil")], lambda number, text: None)

    with pytest.raises(GenerationFailed) as caught:
        asking(both)
    assert (caught.value.code, caught.value.retry_after) == (FailureCode.PROVIDER_UNAVAILABLE, 4)
    assert used[0].usage.calls == 1


def test_two_repairs_are_made_at_once_and_no_third(model_server: Any) -> None:
    answer(model_server, times=2, text="")
    assert asking(lambda calls: calls.one(ask("pots")))
    answer(model_server, times=3, text="")
    with pytest.raises(GenerationFailed) as caught:
        asking(lambda calls: calls.one(ask("pots")))
    assert caught.value.code == FailureCode.EMPTY_OUTPUT
    assert len(model_server.calls) == 6


def test_what_waiting_mends_is_left_to_the_engine(model_server: Any) -> None:
    answer(model_server, status=429)
    with pytest.raises(GenerationFailed):
        asking(lambda calls: calls.one(ask("pots")))
    assert len(model_server.calls) == 1
