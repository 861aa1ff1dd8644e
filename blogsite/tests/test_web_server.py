"""What only the real web server passes on: chunked bodies, and headers byte for byte."""

import http.client
import json
import os
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection, transaction

from accounts.tests.baker_recipes import writer
from accounts.tokens import token_pair
from blogs.models import BlogPost
from blogs.tests.baker_recipes import finished_post
from blogsite.middleware.body_limit import REFUSALS
from blogsite.testing.posts import owner_of
from blogsite.testing.workers import database_url, eventually
from blogsite.up.service import web_answers
from blogsite.up.web import web_command
from generation.processes.child import ChildProcess
from generation.processes.ports import free_port

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
JSON = "application/json"


@pytest.fixture(scope="module")
def port(django_db_setup: None, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        url = database_url()
    port = free_port("127.0.0.1")
    environment = os.environ | {"DATABASE_URL": url, "SECRET_KEY": settings.SECRET_KEY, "DATABASE_LOCK_TIMEOUT": "1"}
    command = web_command("127.0.0.1", port)
    granian = ChildProcess([sys.executable, *command], on_line=print, env=environment, cwd=settings.BASE_DIR)
    granian.start()
    eventually(lambda: web_answers("127.0.0.1", port))
    yield port
    granian.end(grace=5)


def ask(
    port: int, method: str, path: str, body=None, user=None, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """Send one request; a body that is an iterator is sent in chunks."""
    if user:
        headers["Authorization"] = f"Bearer {token_pair(user)['access_token']}"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    read = answer.read()
    connection.close()
    return answer, read


def test_a_chunked_text_is_kept(port):
    post = finished_post.make()

    answer, _ = ask(
        port,
        "PATCH",
        f"/api/v1/blogs/{post.pk}",
        iter([b'{"content": "My ', b'own words."}']),
        post.owner,
        Content_Type=JSON,
    )

    post.refresh_from_db()
    assert (answer.status, post.content) == (200, "My own words.")


def test_a_chunked_text_has_the_same_limit(port):
    pieces = (b"x" * 1024 for _ in range(1025))

    answer, body = ask(port, "POST", "/api/v1/blogs", pieces, writer.make(), Content_Type=JSON)

    assert (answer.status, b"larger than" in body) == (413, True)


@pytest.mark.parametrize(
    "cut", ["Content-Length: 90\r\n\r\n{text}", "Transfer-Encoding: chunked\r\n\r\n16\r\n{text}\r\n"]
)
def test_an_incomplete_text_changes_nothing(port, cut):
    post = finished_post.make()
    head = (
        f"PATCH /api/v1/blogs/{post.pk} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {JSON}\r\n"
        f"Authorization: Bearer {token_pair(owner_of(post))['access_token']}\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(head.encode() + cut.replace("{text}", '{"content": "Halved."}').encode())
        connection.shutdown(socket.SHUT_WR)
        answer = connection.makefile().read()

    assert (answer.split()[1], REFUSALS[400][0] in answer) == ("400", True)
    assert BlogPost.objects.get().version == post.version


def test_an_export_of_many_megabytes_arrives_whole(port):
    post = finished_post.make()
    finished_post.make(owner=post.owner, content="long " * 100_000, _quantity=5)

    answer, document = ask(port, "GET", "/api/v1/me/export", user=post.owner)

    assert answer.headers["Content-Length"] == str(len(document))
    assert sum(len(exported["content"]) for exported in json.loads(document)["posts"]) > 2_500_000


@pytest.mark.parametrize(
    ("content_type", "code"),
    [
        ("application/json; x*=nocodec'en'%41", 415),
        (f"{JSON}; charset=utf-16", 200),
    ],
)
def test_an_odd_content_type_is_no_server_error(port, content_type, code):
    post = finished_post.make()

    answer, _ = ask(
        port, "PATCH", f"/api/v1/blogs/{post.pk}", b'{"content": "Mine."}', post.owner, Content_Type=content_type
    )

    assert (answer.status, answer.headers["Content-Type"].startswith("application/")) == (code, True)


@pytest.mark.parametrize(
    ("query", "charset", "code"), [("&".join(["a=1"] * 1500), "utf-8", 400), ("limit=2", "hex", 200)]
)
def test_a_charset_does_not_change_the_query(port, query, charset, code):
    answer, _ = ask(port, "GET", f"/api/v1/blogs?{query}", Content_Type=f"{JSON}; charset={charset}")

    assert (answer.status, answer.headers["Content-Type"].endswith("json")) == (code, True)


def test_an_answer_without_a_body_has_no_length(port):
    post = finished_post.make()
    path = f"/api/v1/blogs/{post.pk}"

    unchanged, _ = ask(port, "GET", path, If_None_Match=ask(port, "GET", path)[0].headers["ETag"])
    deleted, _ = ask(port, "DELETE", path, user=post.owner)

    assert [(answer.status, "Content-Length" in answer.headers) for answer in (unchanged, deleted)] == [
        (304, False),
        (204, False),
    ]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time: the others wait")
def test_saves_of_a_row_that_somebody_holds_end_and_are_not_done_later(port):
    post = finished_post.make(content="As it was.")
    token = f"Bearer {token_pair(owner_of(post))['access_token']}"

    def save(number: int) -> int:
        body = f'{{"content": "Save {number}."}}'
        return ask(port, "PATCH", f"/api/v1/blogs/{post.pk}", body, Authorization=token, Content_Type=JSON)[0].status

    with ThreadPoolExecutor(16) as pool:
        with transaction.atomic():
            BlogPost.objects.select_for_update().get(pk=post.pk)
            saves = [pool.submit(save, number) for number in range(16)]  # as many as the server has threads
            assert {saved.result() for saved in saves} == {503}
        assert ask(port, "GET", "/healthz")[0].status == 200

    post.refresh_from_db()
    assert post.content == "As it was."
