"""Header names as they came, from granian: those with underscores are dropped before WSGI can confuse them.

Granian's WSGI interface makes HTTP_X_FORWARDED_FOR of both X_Forwarded_For and X-Forwarded-For, and one wins:
what a client sends may replace what a proxy wrote, and no application can see it any more. Its RSGI interface keeps the
names, but runs on an event loop, at three quarters of the speed. So requests come by RSGI here and are handled in the
threads that WSGI has, as fast as with WSGI: `serve_raw_headers` puts this in the place of granian's parts.
"""

from collections.abc import Callable, Coroutine
from functools import lru_cache, partial
from io import BytesIO
from typing import Any

from django.conf import settings
from granian._granian import CallbackScheduler, RSGIWorker
from granian.server import mp, mt

CGI_NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
WEBSOCKETS = 11  # the place of the one argument that only RSGI's worker has
Handle = Callable[["Answer", dict[str, Any]], object]


class HandledHere:
    """What granian takes for an event loop: it runs whatever it is given in the thread that gives it."""

    @staticmethod
    def call_soon_threadsafe(callback: Callable[..., Any], *args: Any, context: Any = None) -> None:
        callback(*args)

    call_soon = call_soon_threadsafe


class Answer:
    """RSGI's protocol with the methods of WSGI's: an answer in parts is sent as one, since none of ours is long."""

    def __init__(self, protocol: Any) -> None:
        self.response_bytes = protocol.response_bytes

    def response_iter(self, status: int, headers: list[tuple[str, str]], parts: Any) -> None:
        body = []
        try:
            while True:
                body.append(parts.__next__())
        except StopIteration:
            pass
        finally:
            parts.close()
        self.response_bytes(status, headers, b"".join(body))


@lru_cache(1024)
def key_of(name: str) -> str:
    """Return WSGI's name of a header, empty if it could be taken for another one's."""
    return "" if "_" in name else CGI_NAMES.get(name) or f"HTTP_{name.upper().replace('-', '_')}"


def environ_of(scope: Any, body: bytes) -> dict[str, Any]:
    """Return WSGI's form of a request, as granian makes it, without headers whose names have underscores."""
    server, _, port = scope.server.rpartition(":")
    environ = {
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
    }
    for name, value in scope.headers.items():
        if not (key := key_of(name)):
            continue
        if key not in environ:
            environ[key] = value
        elif key.startswith("HTTP_"):  # of the two others, the first counts
            environ[key] += (";" if name == "cookie" else ",") + value
    environ.setdefault("HTTP_HOST", scope.authority or "")
    return environ


async def body_of(scope: Any, protocol: Any) -> bytes:
    """Return the body; of one that is too large, nothing or enough for the middleware to see that it is."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if scope.method in ("GET", "HEAD") or int(scope.headers.get("content-length", 0)) > limit:
        return b""
    parts, size = [], 0
    async for part in protocol:  # the last one is empty
        parts.append(part)
        size += len(part)
        if not part or size > limit:
            break
    return b"".join(parts)


async def handle_request(handle: Handle, watcher: Any) -> None:
    try:
        body = await body_of(watcher.scope, watcher.proto)
        handle(Answer(watcher.proto), environ_of(watcher.scope, body))
    except BaseException as error:
        watcher.err(error)  # granian logs it, and answers 500 if nothing was answered
    else:
        watcher.done()


def resume(request: Coroutine[Any, Any, None], _: Any = None) -> None:
    """Go on with a request until it waits for more of its body; the thread is free until that has come."""
    try:
        waits_for = request.send(None)
    except StopIteration:
        return
    waits_for.add_done_callback(partial(resume, request))


class Scheduler(CallbackScheduler):
    def __init__(self, loop: Any, handle: Handle, *_: Any) -> None:
        super().__init__()
        self._schedule_fn = lambda watcher: resume(handle_request(handle, watcher))


def new_scheduler(loop: Any, handle: Handle, **_: Any) -> Scheduler:
    return Scheduler(HandledHere, handle, None, None, None)


class Worker:
    """RSGI's worker, created and started like WSGI's."""

    def __init__(self, *arguments: Any) -> None:
        create: Any = RSGIWorker  # its stub lacks some of them
        self.worker = create(*arguments[:WEBSOCKETS], False, *arguments[WEBSOCKETS:])

    def __getattr__(self, name: str) -> Callable[..., None]:
        serve = getattr(self.worker, name)
        return lambda scheduler, loop, event: serve(scheduler, HandledHere, event)


def serve_raw_headers() -> None:
    """Have granian's WSGI workers of this process keep the names of headers; to be called before one starts.

    Raises:
        AttributeError: this version of granian has other parts.
    """
    for module in (mp, mt):  # workers are processes, or threads
        for name, ours in (("WSGIWorker", Worker), ("_new_cbscheduler", new_scheduler)):
            getattr(module, name)
            setattr(module, name, ours)
