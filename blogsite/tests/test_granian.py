"""What reaches an application by granian with `raw_headers`, and what of its answers reaches a client."""

import http.client
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings

from blogsite.bodies import LARGE_BODIES
from blogsite.testing.workers import eventually
from blogsite.turns import AT_ONCE
from blogsite.up.service import http_status
from generation.processes.child import ChildProcess
from generation.processes.ports import free_port

pytestmark = [pytest.mark.process, pytest.mark.own_database]
COMMAND = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--blocking-threads", "4"]
CHUNKED = b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
LENGTH = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: "
LONG = b"a" * 10_000
WAITING = 10  # of the echo, as is PART
PART = b"x" * 10_000  # of the echo
CLOSE = b"Host: a\r\nConnection: close\r\n"
TARGETS = [
    *(b"/caf%C3%A9?x=%C3%A9", b"/a%00b", b"/a%2Fb", b"//a//b", b"/a/../b/./c", b"/a+b?c+d", b"/a;b=c?d;e", b"/%zz%"),
    *(b"/a?", b"/a?b?c", b"/a#b", b"/a|b?c|d", b'/a"b', b"/a{b}?{c}", b"/a^b", b"/a`b", b"*", b"a", "/é?é".encode()),
    *(b"/caf\xe9", b"/a?\xe9", b"/a?%ff", b"http://b.example/a?b", b"http://c@b.example:81/a", b"/" + LONG),
]
HEADERS = [
    *(b"X-A: 1\r\nx-a: 2\r\nX-B: 3\r\nX-A: 4", b"Cookie: a=1\r\nCookie: b=2", b"Host: b", b"X-A:\r\nX-B:   "),
    *(b"X-A:\ta\tb ", b"Content-Type: a/b\r\nContent-Type: c/d", b"X.A: 1\r\nX!A: 2\r\nX~: 3", b"X A: 1", b"X-A : 1"),
    *(
        b"X-A: 1\r\n 2",
        b"X-A: " + LONG,
        b"X-A: " + LONG * 30,
        b"\r\n".join(b"X-%d: 1" % number for number in range(90)),
    ),
]
BODIES = [
    *(b"Content-Length: 3\r\n\r\nabc", b"Content-Length: 0\r\n\r\n", b"\r\n", b"Content-Length: \r\n\r\nabc"),
    *(
        b"Content-Length: +3\r\n\r\nabc",
        b"Content-Length: 3, 3\r\n\r\nabc",
        b"Content-Length: 99999999999999999999\r\n\r\n",
    ),
    *(b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
    *(b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc", b"Transfer-Encoding: gzip\r\n\r\nabc"),
]
REQUESTS = [
    *(b"GET %b HTTP/1.1\r\n%b\r\n" % (target, CLOSE) for target in TARGETS),
    *(b"GET /a HTTP/1.1\r\n%b%b\r\n\r\n" % (CLOSE, header) for header in HEADERS),
    *(b"POST /a HTTP/1.1\r\n%b%b" % (CLOSE, body) for body in BODIES),
    *(
        b"GET /a HTTP/1.0\r\n\r\n",
        b"GET /a HTTP/1.0\r\nHost: b\r\n\r\n",
        b"GET /a HTTP/1.1\r\nConnection: close\r\n\r\n",
    ),
    *(b"%b /a HTTP/1.1\r\n%b\r\n" % (method, CLOSE) for method in (b"HEAD", b"ODD", b"OPTIONS")),
    b"GET /a HTTP/1.1\r\nHost: a\r\n\r\nDELETE /b HTTP/1.1\r\n%b\r\n" % CLOSE,
]


def serve(*, raw: bool) -> Iterator[int]:
    port = free_port("127.0.0.1")
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "blogsite.settings", "SECRET_KEY": settings.SECRET_KEY}
    environment |= {"BODY_WITHIN": "2"} if raw else {}
    command = [sys.executable, *COMMAND, "--port", str(port), "blogsite.testing.echo:application"]
    granian = ChildProcess(command, on_line=print, env=environment, cwd=settings.BASE_DIR)
    granian.start()
    eventually(lambda: http_status("127.0.0.1", port, "/") == 200)
    yield port
    granian.end(grace=5)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    yield from serve(raw=True)


@pytest.fixture(scope="module")
def plain_port() -> Iterator[int]:
    yield from serve(raw=False)


def answer(port: int, request: bytes, *, half_closed: bool = False) -> bytes:
    """Return all that is answered to what is sent as it stands, until the connection closes."""
    answered = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        if half_closed:
            connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(65536):
            answered += part
    return answered


def echoed(port: int, request: bytes, **how: bool) -> dict[str, Any]:
    seen: dict[str, Any] = json.loads(answer(port, request, **how).partition(b"\r\n\r\n")[2])
    return seen


def comparable(port: int, request: bytes) -> list[bytes]:
    lines = answer(port, request).replace(b"%d" % port, b"").splitlines()
    return [line for line in lines if not line.startswith(b"date:")]


@pytest.mark.parametrize("request_bytes", REQUESTS, ids=lambda request: repr(request[:60]))
def test_an_application_sees_what_it_sees_by_wsgi(port, plain_port, request_bytes):
    assert comparable(port, request_bytes) == comparable(plain_port, request_bytes)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (CHUNKED + b"Connection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 0),
        (CHUNKED + b"\r\n3\r\nabc\r\n", 400),
        (CHUNKED + b"\r\n9\r\nabc", 400),
        (CHUNKED + b"\r\n3\r\nabc\r\n0\r\n", 400),
        (CHUNKED + b"\r\nzz\r\nabc\r\n", 400),
        (CHUNKED + b"Connection: close\r\n\r\n" + b"1\r\na\r\n" * 30_000 + b"0\r\n\r\n", 413),
        (LENGTH + b"9\r\n\r\nabc", 400),
    ],
)
def test_a_body_is_whole_or_has_a_fault(port, body, fault):
    seen = echoed(port, body, half_closed=fault == 400)

    assert (seen["fault"], seen["body"]) == (fault, "" if fault else "abc")


@pytest.mark.parametrize("framing", [CHUNKED + b"\r\n3\r\na", LENGTH + b"9\r\n\r\nabc"])
def test_a_body_that_does_not_come_is_given_up(port, framing):
    assert echoed(port, framing)["fault"] == 408


def test_who_sends_too_much_gets_an_answer_after_that(port):
    head = b"POST /a HTTP/1.1\r\n" + CLOSE + b"Content-Length: %d\r\n\r\n"
    body = LONG * 600

    assert echoed(port, head % len(body) + body)["fault"] == 413


def test_a_form_of_the_admin_may_be_longer(port):
    form = CLOSE + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
    body = LONG * 200

    found = [echoed(port, b"POST %b HTTP/1.1\r\n" % path + form % len(body) + body) for path in (b"/admin/a", b"/a")]

    assert [(one["fault"], len(one["body"])) for one in found] == [(0, len(body)), (413, 0)]


def test_of_too_many_large_bodies_those_that_began_first_give_way(port):
    head = b"POST /a HTTP/1.1\r\n" + CLOSE + b"Content-Length: %d\r\n\r\n"
    with ThreadPoolExecutor(90) as pool:
        slow = [pool.submit(echoed, port, head % 1_000_000 + LONG) for _ in range(90)]
        eventually(lambda: sum(one.done() for one in slow) >= 90 - LARGE_BODIES)
        quick = [echoed(port, head % 3 + b"abc"), echoed(port, head % 20_000 + LONG * 2)]
        faults = [one.result()["fault"] for one in slow]

    assert [(one["fault"], one["body"][:1]) for one in quick] == [(0, "a"), (0, "a")]
    assert (faults.count(503) > 90 - LARGE_BODIES, set(faults)) == (True, {408, 503})


@pytest.mark.parametrize("count", [10, 2000])
def test_an_answer_in_parts_arrives_whole(port, count):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", f"/parts?count={count}")
    response = connection.getresponse()
    whole = response.read()
    connection.close()

    assert (response.headers["Content-Length"], whole == PART * count) == (str(count * len(PART)), True)


@pytest.mark.parametrize("fails_at", [5, 1500])
def test_an_answer_that_fails_does_not_look_complete(port, fails_at):
    answered = answer(port, b"GET /parts?count=2000&fails_at=%d HTTP/1.1\r\n%b\r\n" % (fails_at, CLOSE))

    assert (answered.split()[1], answered.partition(b"\r\n\r\n")[2]) == (b"500", b"")


def test_a_client_that_goes_away_ends_the_work(port):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"GET /parts?count=5000&seconds=0.002 HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.5)

    eventually(lambda: any(0 < given < 5000 and given % 500 for given in closed(port)))


def closed(port: int) -> list[int]:
    numbers: list[int] = echoed(port, b"GET /a HTTP/1.1\r\n%b\r\n" % CLOSE)["closed"]
    return numbers


def test_slow_readers_keep_no_thread(port):
    readers = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(8)]
    for reader in readers:
        reader.sendall(b"GET /parts?count=2000 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert reader.recv(12) == b"HTTP/1.1 200"

    assert closed(port)
    assert answer(port, b"HEAD /parts?count=2000 HTTP/1.1\r\n%b\r\n" % CLOSE).endswith(b"\r\n\r\n")
    for reader in readers:
        reader.close()


def test_what_is_quick_overtakes_what_takes_long_of_which_only_so_much_waits(port):
    with ThreadPoolExecutor(20) as pool:
        long = [pool.submit(echoed, port, b"GET /hold HTTP/1.1\r\n%b\r\n" % CLOSE) for _ in range(20)]
        eventually(lambda: sum(one.done() for one in long) == 20 - AT_ONCE - WAITING)
        held = echoed(port, b"GET /api/v1/blogs/1 HTTP/1.1\r\n%b\r\n" % CLOSE)["held"]
        echoed(port, b"GET /healthz HTTP/1.1\r\n%b\r\n" % CLOSE)
        faults = [one.result()["fault"] for one in long]

    assert (held, faults.count(0), faults.count(503)) == (AT_ONCE, AT_ONCE + WAITING, 20 - AT_ONCE - WAITING)
