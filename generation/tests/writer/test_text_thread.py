"""Texts are worked on beside the event loop, for a limited time."""

import asyncio
import threading

import pytest

from generation.failures import FailureCode, GenerationFailed
from generation.writer import text_thread
from generation.writer.text_thread import TOO_SLOW, in_text_thread


def test_the_result_and_the_error_of_a_function_come_back():
    async def both() -> tuple[str, ValueError]:
        result = await in_text_thread(str.upper, "bread")
        with pytest.raises(ValueError, match="no number") as caught:
            await in_text_thread(refuse)
        return result, caught.value

    def refuse() -> None:
        raise ValueError("no number")

    assert asyncio.run(both())[0] == "BREAD"


def test_the_loop_goes_on_meanwhile():
    may_end = threading.Event()

    async def end_it() -> bool:
        waiting = asyncio.create_task(in_text_thread(may_end.wait, 30))
        await asyncio.sleep(0)
        may_end.set()
        return await waiting

    assert asyncio.run(end_it())


def test_what_takes_too_long_fails_and_holds_up_nobody(monkeypatch):
    monkeypatch.setattr(text_thread, "TIME_LIMIT", 0.05)
    never = threading.Event()

    async def stuck_and_well() -> str:
        with pytest.raises(GenerationFailed) as caught:
            await in_text_thread(never.wait)
        assert (caught.value.code, caught.value.message) == (FailureCode.INVALID_OUTPUT, TOO_SLOW.format(limit=0.05))
        return await in_text_thread(str.upper, "bread")

    assert asyncio.run(stuck_and_well()) == "BREAD"
    never.set()
