"""Header names as they came, from granian: those with underscores are dropped before WSGI can confuse them.

Granian's WSGI interface makes HTTP_X_FORWARDED_FOR of both X_Forwarded_For and X-Forwarded-For, and one wins:
what a client sends may replace what a proxy wrote, and no application can see it any more. Its RSGI interface keeps the
names, but runs on an event loop, at three quarters of the speed. So requests come by RSGI here and are handled in the
threads that WSGI has, as fast as with WSGI: `serve_raw_headers` puts this in the place of granian's parts.

A body is read before a thread is taken, within a minute; the application learns of one that never came whole by
`body_limit.FAULT`.
"""

import logging
import time
from collections.abc import Callable, Coroutine
from functools import lru_cache, partial
from io import BytesIO
from itertools import chain
from threading import Thread
from typing import Any

from granian._granian import CallbackScheduler, RSGIWorker
from granian.server import mp, mt

from blogsite.bodies import body_of
from blogsite.large_answers import LARGE, Headers, make_room, remove_left_over, send_large, sending
from blogsite.middleware import body_limit

logger = logging.getLogger(__name__)
CGI_NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
WEBSOCKETS = 11  # the place of the one argument that only RSGI's worker has
Handle = Callable[["Answer", dict[str, Any]], object]

late: dict[Any, float] = {}  # when each body that is coming must have come


class HandledHere:
    """What granian takes for an event loop: it runs whatever it is given in the thread that gives it."""

    @staticmethod
    def call_soon_threadsafe(callback: Callable[..., Any], *args: Any, context: Any = None) -> None:
        callback(*args)

    call_soon = call_soon_threadsafe


class Answer:
    """RSGI's protocol with the methods of WSGI's."""

    def __init__(self, protocol: Any) -> None:
        self.protocol = protocol
        self.response_bytes = protocol.response_bytes

    def response_iter(self, status: int, headers: Headers, parts: Any) -> None:
        coming = iter(parts.__next__, None)
        body, size = [], 0
        try:
            for part in coming:
                body.append(part)
                size += len(part)
                if size > LARGE:
                    return send_large(self.protocol, status, headers, chain(body, coming))
            self.response_bytes(status, headers, b"".join(body))
        finally:
            parts.close()


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


async def handle_request(handle: Handle, watcher: Any) -> None:
    try:
        body, fault = await body_of(watcher.scope, watcher.proto)
        environ = environ_of(watcher.scope, body)
        if "CONTENT_LENGTH" not in environ and body:
            environ["CONTENT_LENGTH"] = str(len(body))
        handle(Answer(watcher.proto), environ | {body_limit.FAULT: fault})
    except BaseException as error:
        watcher.err(error)  # granian logs it, and answers 500 if nothing was answered
    else:
        watcher.done()


def resume(request: Coroutine[Any, Any, None], until: float, came: Any = None) -> None:
    """Go on with a request until it waits for more of its body; the thread is free until that has come.

    Args:
        until: when the body must have come, by the monotonic clock in seconds.
        came: what it waited for.
    """
    late.pop(came, None)
    try:
        waits_for = request.throw(TimeoutError()) if came and came.cancelled() else request.send(None)
    except StopIteration:
        return
    late[waits_for] = until
    waits_for.add_done_callback(partial(resume, request, until))


def watch() -> None:
    """Once a second, end what takes too long: bodies here, and the files of answers."""
    remove_left_over()
    while True:
        time.sleep(1)
        try:
            end_what_is_late()
        except Exception:
            logger.exception("What takes too long could not be ended.")


def end_what_is_late() -> None:
    now = time.monotonic()
    for waits_for, until in list(late.items()):
        if until < now:
            waits_for.cancel()  # which resumes its request, here
    if sending:
        make_room()


class Scheduler(CallbackScheduler):
    def __init__(self, loop: Any, handle: Handle, *_: Any) -> None:
        super().__init__()
        self._schedule_fn = lambda watcher: resume(
            handle_request(handle, watcher), time.monotonic() + body_limit.BODY_WITHIN
        )


def new_scheduler(loop: Any, handle: Handle, **_: Any) -> Scheduler:
    Thread(target=watch, name="watch bodies", daemon=True).start()
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
