"""Names of headers with underscores are never taken for those with hyphens, whatever their order."""

import os
import socket
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings

from accounts.tests.baker_recipes import PASSWORD, writer
from blogsite.testing.workers import database_url, eventually
from blogsite.up.service import web_answers
from blogsite.up.web import web_command
from generation.processes.child import ChildProcess
from generation.processes.ports import free_port

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
BODY = ["Content-Type: application/json", "Content-Length: 45"]
ORDERS = {
    "forged last": lambda real, forged: [real, forged, *BODY],
    "forged first": lambda real, forged: [forged, real, *BODY],
    "after the body's": lambda real, forged: [*BODY, real, forged],
    "before the body's": lambda real, forged: [forged, *BODY, real],
    "around": lambda real, forged: [forged, *BODY, "Cookie: a=b", real, forged.upper()],
}


@pytest.fixture(scope="module")
def port(django_db_setup: None, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        url = database_url()
    port = free_port("127.0.0.1")
    trust = {"TRUSTED_PROXIES": "1", "THROTTLE_LOGIN": "3/day", "HTTPS": "true"}
    environment = os.environ | {"DATABASE_URL": url, "SECRET_KEY": settings.SECRET_KEY} | trust
    command = [sys.executable, *web_command("127.0.0.1", port)]
    granian = ChildProcess(command, on_line=print, env=environment, cwd=settings.BASE_DIR)
    granian.start()
    eventually(lambda: web_answers("127.0.0.1", port))
    yield port
    granian.end(grace=5)


def send(port: int, path: str, lines: list[str], body: str = "") -> str:
    """Send one request as it stands; return the status line."""
    method = "POST" if body else "GET"
    head = "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "Connection: close"])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(f"{head}\r\n\r\n{body}".encode())
        return connection.recv(64).decode().splitlines()[0]


def login(port: int, lines: list[str]) -> str:
    body = '{"email":"nobody@example.com","password":"x"}'
    return send(port, "/api/v1/login", ["X-Forwarded-Proto: https", *lines], body).split()[1]


@pytest.mark.parametrize("order", ORDERS)
def test_a_client_cannot_forge_what_its_proxy_writes(port, order):
    codes = [
        login(port, ORDERS[order]("X-Forwarded-For: 192.0.2.1", f"X_Forwarded_For: 198.51.100.{number}"))
        for number in range(4)
    ]

    assert codes == ["401", "401", "401", "429"]


def test_a_client_alone_cannot_forge_it_either(port):
    codes = [login(port, [*BODY, f"X_Forwarded_For: 198.51.100.{number}"]) for number in range(4)]

    assert codes[-1] == "429"


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["X-Forwarded-Proto: http", "X_Forwarded_Proto: https"], "301"),
        (["X_Forwarded_Proto: https"], "301"),
        (["X_Forwarded_Proto: http", "X-Forwarded-Proto: https"], "401"),
        (["X-Forwarded-Proto: https", "AUTHORIZATION_: Bearer x"], "401"),
    ],
)
def test_whether_a_request_is_secure_cannot_be_forged(port, lines, status):
    assert send(port, "/api/v1/me", lines).split()[1] == status


def test_the_bodys_headers_cannot_be_forged(port):
    forged = ["Content_Type: text/plain", "Content_Length: 2", "Host_: example.org"]

    assert login(port, [*forged, *BODY]) == "401"


def test_slow_bodies_keep_no_thread(port):
    writer.make(email="bob@example.com")
    head = ["POST /api/v1/login HTTP/1.1", "Host: localhost", "X-Forwarded-Proto: https", *BODY, "", '{"ema']
    slow = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(30)]
    for connection in slow:
        connection.sendall("\r\n".join(head).encode())

    body = f'{{"email":"bob@example.com","password":"{PASSWORD}"}}'
    lines = ["Content-Type: application/json", f"Content-Length: {len(body)}", "X-Forwarded-For: 203.0.113.9"]
    answered = send(port, "/api/v1/login", [*lines, "X-Forwarded-Proto: https"], body)

    for connection in slow:
        connection.close()
    assert answered.split()[1] == "200"


@pytest.mark.parametrize(("parameters", "status"), [(1, "401"), (1_000, "415")])
def test_a_content_type_without_end_is_none(port, parameters, status):
    endless = "Content-Type: application/json" + ";a=b" * parameters

    assert login(port, [endless, BODY[1], "X-Forwarded-For: 192.0.2.99"]) == status
