"""A server that works on one call at a time and lets the others wait without a byte."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from generation.failures import GenerationFailed
from generation.llm import calls_in_flight
from generation.llm.calls_in_flight import CallsInFlight, Limit
from generation.llm.client import ModelClient
from generation.llm.providers import configured_provider
from generation.llm.request import ModelRequest


@pytest.fixture(autouse=True)
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls_in_flight, "_limits", {})


def most_at_once(calls: CallsInFlight, count: int) -> int:
    running, most = 0, 0

    async def one() -> None:
        nonlocal running, most
        async with calls.one():
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(count)))

    asyncio.run(all_of_them())
    return most


def test_nothing_is_limited_before_a_timeout() -> None:
    assert most_at_once(CallsInFlight("a"), 40) == 40


def test_timeouts_halve_what_is_in_flight_and_those_of_one_moment_count_once() -> None:
    limit = Limit()
    for _ in range(10):
        limit.cut(in_flight=10, started_at=limit.cut_at - 1 if limit.cut_at else 0.0)
    assert limit.calls == 5
    for later in range(1, 9):
        limit.cut(in_flight=5, started_at=limit.cut_at + later)
    assert limit.calls == 1


def test_calls_that_end_well_let_the_limit_grow() -> None:
    calls = CallsInFlight("a")
    calls.limit.calls = 1.0
    assert most_at_once(calls, 3) < 4
    assert calls.limit.calls > 2


def test_a_limit_holds_for_all_clients_of_a_provider_and_for_no_other() -> None:
    CallsInFlight("a").limit.calls = 2.0
    assert most_at_once(CallsInFlight("a"), 3) == 2
    assert most_at_once(CallsInFlight("b"), 9) == 9


def test_a_call_that_is_cancelled_while_it_waits_keeps_no_turn() -> None:
    calls = CallsInFlight("a")
    calls.limit.calls = 1.0

    async def run() -> list[Any]:
        async def one(seconds: float) -> str:
            async with calls.one():
                await asyncio.sleep(seconds)
                return "done"

        first, second, third = (asyncio.create_task(one(0.01)) for _ in range(3))
        await asyncio.sleep(0)
        second.cancel()
        return list(await asyncio.gather(first, second, third, return_exceptions=True))

    first, second, third = asyncio.run(run())
    assert (first, third, calls.count) == ("done", "done", 0)
    assert isinstance(second, asyncio.CancelledError)


def test_a_server_with_one_slot_is_asked_little_more_than_once_for_each_answer(
    model_server: Any, settings: Settings
) -> None:
    model_server.work_on(1)
    model_server.always(replace(model_server.script.standing, delay=0.2, text="Clay."))
    settings.GENERATION_CALL_DEADLINE = 0.4  # 1.2 s before the first byte: the last of ten would wait 2 s
    request = ModelRequest([{"role": "user", "content": "Pots?"}], {"max_tokens": 50, "temperature": 0})

    async def answers() -> list[str]:
        async with ModelClient(configured_provider()) as client:

            async def one() -> str:
                while True:
                    with suppress(GenerationFailed):  # a timeout: the worker tries again later
                        return (await client.complete(request, [])).text

            return await asyncio.gather(*(one() for _ in range(10)))

    assert asyncio.run(answers()) == ["Clay."] * 10
    assert len(model_server.calls) <= 16
