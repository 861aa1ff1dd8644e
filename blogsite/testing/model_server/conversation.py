"""One HTTP connection to the loopback model server."""

import asyncio
import json
import math
import socket
import struct
import time
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from blogsite.testing.model_server.script import Behaviour, Call, Dialect, Fault, Script
from blogsite.testing.model_server.wire_format import MODEL, charge, completion, endless, error, stream, unsupported

BURSTS = 8  # in which a stream is spread: one for each piece would measure this server
NO_LINGER = struct.pack("ii", 1, 0)  # close() then sends a reset and drops what was not sent


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body or b"{}"))


async def read_request(reader: asyncio.StreamReader, ahead: bytes) -> Request:
    """Read one request whose first bytes were `ahead`; a body needs a Content-Length.

    Raises:
        asyncio.IncompleteReadError: the client closed the connection.
    """
    head = (ahead + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path.partition("?")[0], headers, body)


class Conversation:
    """Reads requests and answers them, and notices when the client disconnects before its answer."""

    def __init__(self, script: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.script, self.reader, self.writer = script, reader, writer
        self.client_left = False

    async def run(self) -> None:
        """Go on until either side closes.

        Raises:
            OSError, asyncio.IncompleteReadError: the client closed the connection.
        """
        ahead = b""
        while not self.writer.is_closing():
            request = await read_request(self.reader, ahead)
            ahead = await self.answer_while_watching(request)

    async def answer_while_watching(self, request: Request) -> bytes:
        """Answer `request`; return the first byte of the next one."""
        answering = asyncio.ensure_future(self.respond(request))
        watching = asyncio.ensure_future(self.reader.readexactly(1))
        try:
            await asyncio.wait({answering, watching}, return_when=asyncio.FIRST_COMPLETED)
            self.client_left = watching.done() and watching.exception() is not None
            if not self.client_left:
                await answering
            return await watching
        finally:
            watching.cancel()
            answering.cancel()
            await asyncio.gather(answering, watching, return_exceptions=True)

    async def respond(self, request: Request) -> None:
        match request.method, request.path:
            case "POST", "/v1/chat/completions":
                await self.complete(request)
            case "GET", "/v1/models":
                model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "loopback"}
                await self.send_json(200, {"object": "list", "data": [model]})
            case "GET", path if path.startswith("/v1/models/") and self.script.description:
                await self.send_json(200, self.script.description)
            case "POST", "/control":
                self.script.apply(request.json())
                await self.send_json(200, {"ok": True})
            case "GET", "/calls":
                await self.send_json(200, {"calls": [asdict(call) for call in self.script.calls]})
            case _:
                await self.send_json(404, error(404, None))

    async def complete(self, request: Request) -> None:
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        call = Call(request.json(), key, time.time())
        self.script.calls.append(call)
        behaviour = self.script.next_for(call)
        call.is_scripted = behaviour is not self.script.standing
        try:
            async with self.script.slots:
                call.charged = charge(behaviour, call.body)
                await self.behave(behaviour, call.body)
        finally:
            call.ended = time.time()
            call.disconnected = self.client_left

    async def behave(self, behaviour: Behaviour, body: dict[str, Any]) -> None:
        streams = bool(body.get("stream")) and behaviour.dialect != Dialect.WHOLE
        body = body | {"model": behaviour.model or body.get("model")}
        spread = behaviour.delay * behaviour.spread if streams else 0.0
        ready = asyncio.get_running_loop().time() + behaviour.delay - spread
        if behaviour.fault in (Fault.ENDLESS, Fault.ONE_LINE):
            await self.send_for_ever(behaviour, body, streams=streams)
        # Computed during the delay, so that the time this takes is not added to it.
        pieces = stream(behaviour, body) if streams else [completion(behaviour, body)]
        await asyncio.sleep(ready - asyncio.get_running_loop().time())
        if behaviour.fault == Fault.HANG:
            await self.script.released.wait()
        if behaviour.raw is not None:
            self.send_head(
                behaviour.status, behaviour.kind, f"Content-Length: {len(behaviour.raw.encode())}", *behaviour.headers
            )
            await self.send_pieces([behaviour.raw.encode()], behaviour)
        elif behaviour.status != 200:
            await self.send_json(behaviour.status, error(behaviour.status, behaviour.code), behaviour)
        elif refusal := unsupported(behaviour, body):
            await self.send_json(400, refusal, behaviour)
        elif streams:
            self.send_head(200, "text/event-stream", "Transfer-Encoding: chunked")
            await self.send_pieces(pieces, behaviour, spread)
        else:
            await self.send_body(200, pieces[0], behaviour)

    async def send_for_ever(self, behaviour: Behaviour, body: dict[str, Any], *, streams: bool) -> None:
        """Send until the client leaves."""
        kind = "text/event-stream" if streams else "application/json"
        self.send_head(200, kind, "Transfer-Encoding: chunked")
        for piece in endless(behaviour, body, streams=streams):
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(0)  # for the watcher, and for other clients

    async def send_json(self, status: int, data: Any, behaviour: Behaviour | None = None) -> None:
        await self.send_body(status, json.dumps(data).encode(), behaviour or Behaviour())

    async def send_body(self, status: int, body: bytes, behaviour: Behaviour) -> None:
        retry = [] if behaviour.retry_after is None else [f"Retry-After: {behaviour.retry_after}"]
        self.send_head(status, "application/json", f"Content-Length: {len(body)}", *retry)
        cut = behaviour.fault == Fault.CUT
        await self.send_pieces([body[: len(body) // 2] if cut else body], behaviour)
        if cut:
            self.writer.close()

    def send_head(self, status: int, kind: str, *headers: str) -> None:
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", f"Content-Type: {kind}", *headers]
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    async def send_pieces(self, pieces: list[bytes], behaviour: Behaviour, spread: float = 0.0) -> None:
        if behaviour.fault == Fault.RESET:
            whole = b"".join(pieces)
            pieces = [whole[: len(whole) // 2]]
        if behaviour.fault == Fault.LATE_RESET:
            pieces = pieces[:-1]
        if behaviour.drip:
            pieces = [bytes([byte]) for byte in b"".join(pieces)]
        if spread:
            size = math.ceil(len(pieces) / BURSTS)
            pieces = [b"".join(pieces[start : start + size]) for start in range(0, len(pieces), size)]
        for piece in pieces:
            await asyncio.sleep(spread / len(pieces))
            self.writer.write(piece)
            await self.writer.drain()
            if behaviour.drip:
                await asyncio.sleep(behaviour.drip)
        if behaviour.fault == Fault.LATE_RESET:
            await asyncio.sleep(0.2)  # a reset drops what the client has not read
        if behaviour.fault in (Fault.RESET, Fault.LATE_RESET):
            self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            self.writer.transport.abort()
