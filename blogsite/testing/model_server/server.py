"""The loopback model server itself, in a thread of its own."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any, Self

from blogsite.testing.model_server.conversation import Conversation
from blogsite.testing.model_server.script import Behaviour, Call, Script


class ModelServer:
    """The server, in a thread of its own; a context manager.

    Args:
        port: TCP port on 127.0.0.1; 0 for a free one.
    """

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.script = Script()
        self.connections = 0  # made so far
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="model-server", daemon=True)
        self._conversations: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """The base URL for clients."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def calls(self) -> list[Call]:
        """The requests for completions so far, in order of arrival."""
        return self.script.calls

    @property
    def in_flight(self) -> int:
        """Number of requests for completions that are not answered yet."""
        return sum(call.ended is None for call in list(self.calls))

    def answer(self, behaviour: Behaviour, *, times: int = 1) -> None:
        """Queue `behaviour` for the next `times` requests that match its `when`."""
        self.script.add(behaviour, times)

    def always(self, behaviour: Behaviour) -> None:
        """Answer with `behaviour` whenever nothing is queued for a request."""
        self.script.standing = behaviour

    def work_on(self, count: int) -> None:
        """Work on so many calls at once, as a server with one graphics card does; the others wait in line."""
        self.script.slots = asyncio.Semaphore(count)

    def describe(self, model: dict[str, Any]) -> None:
        """Answer so when asked about a model."""
        self.script.description = model

    def release(self) -> None:
        """Answer the calls that hang, and those that will."""
        self._loop.call_soon_threadsafe(self.script.released.set)

    def reset(self) -> None:
        """Forget all behaviours and calls."""
        self.script.reset()

    def wait_until(self, condition: Callable[[list[Call]], bool], timeout: float = 10.0) -> None:
        """Return when `condition(calls)` holds.

        Raises:
            TimeoutError: it did not within `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        while not condition(list(self.calls)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not reached after {len(self.calls)} calls in {timeout:g} s")
            time.sleep(0.01)

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._converse, "127.0.0.1", self.port, backlog=1024)

    async def _close(self) -> None:
        self._server.close()
        for conversation in self._conversations:
            conversation.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._conversations.add(task)
        self.connections += 1
        try:
            await Conversation(self.script, reader, writer).run()
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # the client disconnected, or the server is closing
        finally:
            self._conversations.discard(task)
            writer.close()
