"""Bodies of requests as granian gives them by RSGI: each within its time and limit, and only so many large ones."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.conf import settings
from granian._granian import RSGIProtocolClosed

from blogsite.middleware import body_limit

SMALL = 16 * 1024  # bytes; of larger bodies, only so many are read at once:
LARGE_BODIES = 64
LARGE_FORMS = 8  # of those that are larger than any other body may be
DISCARDED = 16  # times as much as may come, that is read to no end
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


class Room:
    """Room for bodies that come at the same time. The first gives way to one too many: slow ones do not keep it.

    Args:
        most: how many there is room for.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.coming: dict[Coming, None] = {}  # in the order in which they began

    def enter(self, coming: Coming) -> None:
        self.coming[coming] = None
        for first in list(self.coming)[: -self.most]:
            if self.coming.pop(first, coming) is None:
                first.give_way()

    def leave(self, coming: Coming) -> None:
        self.coming.pop(coming, None)


large_bodies, large_forms = Room(LARGE_BODIES), Room(LARGE_FORMS)


async def body_of(scope: Any, protocol: Any, coming: Coming) -> tuple[bytes, int]:
    """Return the body and 0, or nothing and the status that says why it was not read."""
    length = scope.headers.get("content-length")
    chunked = "transfer-encoding" in scope.headers or (length is None and scope.http_version == "2")
    if scope.method in ("GET", "HEAD") or not (chunked or length):
        return b"", 0
    size, most = settings.BODY_MAX if chunked else int(length), most_of(scope)
    room = large_forms if settings.BODY_MAX < size <= most else large_bodies
    if size > SMALL:
        room.enter(coming)
    try:
        if size > most:
            await discard(scope, protocol, size / most)
            return b"", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return await chunks(protocol, scope.http_version) if chunked else (await protocol(), 0)
    except RSGIProtocolClosed:
        return b"", HTTPStatus.BAD_REQUEST
    except TimeoutError:
        return b"", HTTPStatus.SERVICE_UNAVAILABLE if coming.gave_way else HTTPStatus.REQUEST_TIMEOUT
    finally:
        room.leave(coming)


def most_of(scope: Any) -> int:
    """Return how many bytes the body of a request may have."""
    path = scope.path.removeprefix(settings.FORCE_SCRIPT_NAME or "")
    return body_limit.limit_of(path, scope.headers.get("content-type", ""))


async def discard(scope: Any, protocol: Any, times: float) -> None:
    """Let a body come that is too large: browsers show no answer until they have sent it.

    Args:
        times: its size, in times of what may come.
    """
    if times <= DISCARDED and "expect" not in scope.headers:
        parts = 0
        with suppress(RSGIProtocolClosed, TimeoutError):
            async for _ in protocol:
                parts += 1
                if parts > CHUNKS:
                    return


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
        if size > settings.BODY_MAX or len(parts) > CHUNKS:
            return b"", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if empty == 1:
        return b"".join(parts), 0
    return b"", HTTPStatus.LENGTH_REQUIRED if http_version == "2" else HTTPStatus.BAD_REQUEST
