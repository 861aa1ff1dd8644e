"""A deadline counts the time that the process had."""

import asyncio

import pytest

from generation.processes.deadline import STEP, deadline


class Loop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps, as it does while a process is stopped."""

    jump = 0.0

    def time(self) -> float:
        return super().time() + self.jump


def run(coroutine):
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(coroutine)


def test_what_takes_longer_is_ended():
    async def too_slow() -> None:
        async with deadline(0.05):
            await asyncio.sleep(30)

    with pytest.raises(TimeoutError):
        run(too_slow())


def test_what_takes_less_goes_on_afterwards():
    async def fast() -> str:
        async with deadline(0.05):
            await asyncio.sleep(0)
        await asyncio.sleep(0.1)
        return "done"

    assert run(fast()) == "done"


def test_an_answer_that_came_while_the_process_was_stopped_is_read():
    async def stopped() -> str:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        answer: asyncio.Future[str] = loop.create_future()
        async with deadline(0.5):
            await asyncio.sleep(0.01)
            loop.jump = 100 * STEP
            loop.call_later(0.2, answer.set_result, "the answer")
            return await answer

    assert run(stopped()) == "the answer"


def test_it_ends_after_a_stop_too():
    async def stopped() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        async with deadline(0.05):
            loop.jump = 100 * STEP
            await asyncio.sleep(30)

    with pytest.raises(TimeoutError):
        run(stopped())
