"""Work on texts in a thread beside the event loop, which keeps the leases meanwhile, and for a limited time."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, partial
from queue import SimpleQueue
from typing import Any, TypeVar, TypeVarTuple

from generation.failures import FailureCode, GenerationFailed
from generation.processes.deadline import deadline

TIME_LIMIT = 10.0  # seconds for one piece of work, which takes milliseconds
TOO_SLOW = "The text could not be checked within {limit:g} seconds."

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


async def in_text_thread(function: Callable[[*Arguments], Result], *arguments: *Arguments, raw: str = "") -> Result:
    """Return what `function` does, without holding up the event loop.

    One piece of work is done at a time, so that the loop gets its share of the interpreter. A thread whose work was
    cancelled or takes too long is left to itself, and the next piece gets another one. What is a single call into C,
    such as one regular expression, holds up the loop here too.

    Args:
        function: pure work on a text.
        arguments: of `function`.
        raw: the text, to be kept if that takes too long.

    Raises:
        GenerationFailed: it took longer than TIME_LIMIT; and whatever `function` raises.
    """
    loop = asyncio.get_running_loop()
    async with _turns_of(loop):
        thread = _idle.pop() if _idle else _TextThread()
        result: asyncio.Future[Result] = loop.create_future()
        thread.start(partial(function, *arguments), result)
        try:
            async with deadline(TIME_LIMIT):
                return await result
        except TimeoutError as error:
            problem = TOO_SLOW.format(limit=TIME_LIMIT)
            raise GenerationFailed(FailureCode.INVALID_OUTPUT, problem, raw=raw) from error
        finally:
            thread.leave()


class _TextThread:
    """A thread that ends with its process, whatever it is doing."""

    def __init__(self) -> None:
        self.is_busy = False
        self._work: SimpleQueue[tuple[Callable[[], Any], asyncio.Future[Any]] | None] = SimpleQueue()
        threading.Thread(target=self._run, name="texts", daemon=True).start()

    def start(self, function: Callable[[], Result], result: asyncio.Future[Result]) -> None:
        self.is_busy = True
        self._work.put((function, result))

    def leave(self) -> None:
        """Have the next piece of work done by this thread if it is idle; end it after its work otherwise."""
        if self.is_busy:
            self._work.put(None)
        else:
            _idle.append(self)

    def _run(self) -> None:
        while work := self._work.get():
            function, result = work
            try:
                outcome = partial(_settle, result, result.set_result, function())
            except BaseException as error:
                outcome = partial(_settle, result, result.set_exception, error)
            self.is_busy = False
            with suppress(RuntimeError):  # its loop has ended
                result.get_loop().call_soon_threadsafe(outcome)


def _settle(result: asyncio.Future[Any], settle: Callable[[Any], None], outcome: Any) -> None:
    if not result.done():
        settle(outcome)


@lru_cache(maxsize=4)
def _turns_of(loop: asyncio.AbstractEventLoop) -> asyncio.Lock:  # a lock belongs to one loop
    return asyncio.Lock()


_idle: list[_TextThread] = []
os.register_at_fork(after_in_child=_idle.clear)  # a fork has none of its parent's threads
