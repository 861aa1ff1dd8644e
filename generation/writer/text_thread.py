"""Work on texts beside the event loop, with a time limit: leases are renewed meanwhile, and other posts go on."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

from generation.failures import FailureCode, GenerationFailed

TIME_LIMIT = 10.0  # seconds; a long post takes some ten milliseconds
TOO_SLOW = "The text could not be checked within {limit:g} seconds."
Args = ParamSpec("Args")
Result = TypeVar("Result")


async def in_text_thread(function: Callable[Args, Result], *args: Args.args, **kwargs: Args.kwargs) -> Result:
    """Run a pure function in a thread of its own.

    Not in a pool: one that is stuck would hold up others, and the end of the process.

    Raises:
        GenerationFailed: it took longer than TIME_LIMIT; the thread is left to itself.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Result] = loop.create_future()

    def work() -> None:
        try:
            conclude, value = outcome.set_result, function(*args, **kwargs)
        except BaseException as error:
            conclude, value = outcome.set_exception, error  # type: ignore[assignment]
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(lambda: outcome.done() or conclude(value))

    threading.Thread(target=work, name="text", daemon=True).start()
    try:
        async with asyncio.timeout(TIME_LIMIT):
            return await outcome
    except TimeoutError as error:
        raise GenerationFailed(FailureCode.INVALID_OUTPUT, TOO_SLOW.format(limit=TIME_LIMIT)) from error
