"""Texts are worked on beside the event loop, for a limited time."""

import asyncio
import multiprocessing
import threading
import time
import warnings

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
            await in_text_thread(never.wait, raw="The text.")
        assert (caught.value.code, caught.value.message) == (FailureCode.INVALID_OUTPUT, TOO_SLOW.format(limit=0.05))
        assert caught.value.raw == "The text."
        return await in_text_thread(str.upper, "bread")

    assert asyncio.run(stuck_and_well()) == "BREAD"
    never.set()


def test_a_cancelled_piece_of_work_holds_up_nobody():
    never, started = threading.Event(), threading.Event()

    def stuck() -> None:
        started.set()
        never.wait()

    async def cancelled_and_well() -> str:
        doomed = asyncio.create_task(in_text_thread(stuck))
        await asyncio.to_thread(started.wait)
        doomed.cancel()
        with pytest.raises(asyncio.CancelledError):
            await doomed
        return await in_text_thread(str.upper, "bread")

    assert asyncio.run(cancelled_and_well()) == "BREAD"
    never.set()


def test_many_pieces_of_work_are_done_one_after_the_other_in_one_thread():
    at_work: list[int] = []

    def work() -> tuple[int, int]:
        at_work.append(1)
        time.sleep(0.01)
        at_once = len(at_work)
        at_work.pop()
        return threading.get_ident(), at_once

    async def ten() -> list[tuple[int, int]]:
        return await asyncio.gather(*(in_text_thread(work) for _ in range(10)))

    threads, at_once = zip(*asyncio.run(ten()), strict=True)
    assert (len(set(threads)), max(at_once)) == (1, 1)
    assert threads[0] != threading.get_ident()


@pytest.mark.process
@pytest.mark.own_database
def test_a_forked_process_gets_a_thread_of_its_own():
    def shout() -> None:
        assert asyncio.run(in_text_thread(str.upper, "bread")) == "BREAD"

    shout()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a fork in a process with threads, which this is about
        child = multiprocessing.get_context("fork").Process(target=shout)
        child.start()
    child.join()
    assert child.exitcode == 0
