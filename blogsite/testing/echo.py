"""A WSGI application for tests of the web server: it shows each request as it came, or answers in parts."""

import json
import os
import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any
from urllib.parse import parse_qs

import django

django.setup()

from blogsite import raw_headers  # noqa: E402  # it needs the settings
from blogsite.middleware import body_limit  # noqa: E402
from blogsite.turns import Turns  # noqa: E402

WAITING = 10  # requests
PART = b"x" * 10_000
closed: list[int] = []  # how many parts each answer had given when it was closed
held: list[int] = []  # one for each request to /hold that is being handled
released = Event()


class Parts:
    """An answer in parts.

    Args:
        count: of them.
        fails_at: number of the part that fails; 0 for none.
        seconds: that each takes.
    """

    def __init__(self, count: int, fails_at: int, seconds: float) -> None:
        self.count, self.fails_at, self.seconds, self.given = count, fails_at, seconds, 0

    def __iter__(self) -> Iterator[bytes]:
        while self.given < self.count:
            self.given += 1
            time.sleep(self.seconds)
            if self.given == self.fails_at:
                raise ValueError("a part could not be made")
            yield PART

    def close(self) -> None:
        closed.append(self.given)


def application(environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]) -> Any:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [])
    if environ["PATH_INFO"] == "/parts":
        numbers = {name: float(values[0]) for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        return Parts(int(numbers["count"]), int(numbers.get("fails_at", 0)), numbers.get("seconds", 0))
    if environ["PATH_INFO"] == "/hold" and not environ[body_limit.FAULT]:
        held.append(1)
        released.wait(20)
    if environ["PATH_INFO"] == "/healthz":
        released.set()
    own = {name: value for name, value in environ.items() if isinstance(value, str) and name not in os.environ}
    seen = {"environ": own, "body": body.decode("latin-1"), "fault": environ.get(body_limit.FAULT, 0)}
    seen |= {"closed": closed, "held": len(held)}
    return [json.dumps(seen, sort_keys=True).encode()]


if limit := os.environ.get("BODY_WITHIN"):  # else it is granian's own WSGI
    body_limit.BODY_WITHIN = float(limit)
    raw_headers.turns = Turns(waiting=WAITING)
    raw_headers.serve_raw_headers()
