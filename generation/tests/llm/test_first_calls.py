"""Calls that wait for what becomes of the first one."""

import asyncio

import pytest

from generation.llm.first_calls import FirstCalls

KIND = frozenset({"model", "messages"})


def test_a_call_that_is_cancelled_when_news_come_stays_cancelled() -> None:
    async def run() -> None:
        calls = FirstCalls(set())
        with calls.making(KIND):
            waiting = asyncio.create_task(calls.wait(KIND))
            await asyncio.sleep(0.01)
        waiting.cancel()  # in the same step of the loop as the news
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(run())


def test_news_are_waited_for_and_then_the_kind_is_known() -> None:
    async def run() -> tuple[bool, bool]:
        calls = FirstCalls(set())
        with calls.making(KIND):
            waiting = asyncio.create_task(calls.wait(KIND))
            await asyncio.sleep(0)
            calls.accept(KIND)
            return await waiting, await calls.wait(KIND)

    assert asyncio.run(run()) == (True, False)
