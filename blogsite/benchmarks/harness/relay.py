"""A TCP relay between a host of a trial and its database, which can be cut like a cable."""

import asyncio
import contextlib
import threading
from typing import Self

HOST = "127.0.0.1"
CHUNK = 65536  # bytes


class Relay:
    """Forwards connections to a port of this machine until it is cut; a context manager with a thread of its own.

    Args:
        target: the TCP port that connections are forwarded to.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.is_cut = False
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="relay", daemon=True)
        self.writers: set[asyncio.StreamWriter] = set()

    def __enter__(self) -> Self:
        self.thread.start()
        self.server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self.relay, HOST, 0), self.loop).result()
        self.port: int = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def cut(self) -> None:
        """Abort all connections and reject new ones."""
        self.is_cut = True
        self.loop.call_soon_threadsafe(self.abort)

    def restore(self) -> None:
        self.is_cut = False

    def abort(self) -> None:
        for writer in self.writers:
            writer.transport.abort()

    async def relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(HOST, self.target)
        except OSError:  # the database is down at this moment
            writer.transport.abort()
            return
        pair = {writer, far_writer}
        self.writers |= pair
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(self.pump(reader, far_writer), self.pump(far_reader, writer))
        self.writers -= pair

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                writer.write(data)
                await writer.drain()
        writer.close()
