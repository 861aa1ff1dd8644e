"""Bodies of requests while they come: each within its time, and only so many large ones at once."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from granian._granian import RSGIProtocolClosed

SMALL = 16 * 1024  # bytes; of larger bodies, only so many are read at once:
LARGE_BODIES = 64
CHUNKS = 20_000  # each costs as much as a thread's turn


class Coming:
    """A request whose body is coming.

    Args:
        until: when it must have come, by the monotonic clock in seconds.
    """

    def __init__(self, until: float) -> None:
        self.until = until
        self.waits_for: Any = None
        self.gave_way = False

    def give_way(self) -> None:
        self.gave_way = True
        if self.waits_for:
            self.waits_for.cancel()  # which resumes its request, here


large_bodies: dict[Coming, None] = {}  # in the order in which they began


async def body_of(scope: Any, protocol: Any, coming: Coming) -> tuple[bytes, int]:
    """Return the body and 0, or nothing and the status that says why it was not read.

    If there are too many large ones, that which began first gives way: among slow ones, others still come through.
    """
    length = scope.headers.get("content-length")
    chunked = "transfer-encoding" in scope.headers or (length is None and scope.http_version == "2")
    if scope.method in ("GET", "HEAD") or not (chunked or length):
        return b"", 0
    if not chunked and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return b"", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if chunked or int(length) > SMALL:
        large_bodies[coming] = None
        for first in list(large_bodies)[:-LARGE_BODIES]:
            if large_bodies.pop(first, coming) is None:
                first.give_way()
    try:
        return await chunks(protocol, scope.http_version) if chunked else (await protocol(), 0)
    except RSGIProtocolClosed:
        return b"", HTTPStatus.BAD_REQUEST
    except TimeoutError:
        return b"", HTTPStatus.SERVICE_UNAVAILABLE if coming.gave_way else HTTPStatus.REQUEST_TIMEOUT
    finally:
        large_bodies.pop(coming, None)


async def chunks(protocol: Any, http_version: str) -> tuple[bytes, int]:
    """Return a body of unknown length, or why it cannot be taken.

    An empty part stands for the end, for a failure and for trailers; after the last two, another one comes. In HTTP/2
    empty parts mean nothing, so that such a body needs a length if its client sends any.
    """
    parts, size, empty = [], 0, 0
    async for part in protocol:
        parts.append(part)
        size += len(part)
        empty += not part
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE or len(parts) > CHUNKS:
            return b"", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if empty == 1:
        return b"".join(parts), 0
    return b"", HTTPStatus.LENGTH_REQUIRED if http_version == "2" else HTTPStatus.BAD_REQUEST
