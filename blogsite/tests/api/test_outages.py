"""What clients and editors are told while the database does not do what it is asked; nothing is done afterwards."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import InternalError, OperationalError, connection
from django.test import Client
from psycopg.errors import ReadOnlySqlTransaction

from accounts.tests.baker_recipes import PASSWORD, writer
from blogs.database import file
from blogs.database.outages import Outage
from blogs.models import BlogPost
from blogsite.api.problems import outage_detail
from blogsite.testing.browsers import logged_in
from blogsite.testing.posts import fresh, request_post
from generation.tests.queue.test_locks import by_rows, held_by_another

WRITE = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def read_only() -> Iterator[None]:
    """Have the database refuse each write as PostgreSQL does, with an error of a class of its own."""

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.lstrip().startswith(WRITE):
            raise InternalError("cannot execute it in a read-only transaction") from ReadOnlySqlTransaction()
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "/api/v1/blogs", {"title": "x"}),
        ("patch", "/api/v1/blogs/{pk}", {"title": "x"}),
        ("put", "/api/v1/blogs/{pk}", {"title": "x", "content": "y"}),
        ("delete", "/api/v1/blogs/{pk}", None),
        ("post", "/api/v1/blogs/{pk}/regenerate", None),
        ("post", "/api/v1/register", {"email": "new@example.com", "password": PASSWORD}),
        ("post", "/api/v1/login", {"email": "author@example.com", "password": PASSWORD}),
    ],
)
def test_a_write_while_the_database_is_read_only_is_503_and_says_so(as_user, method, path, body):
    owner = writer.make(email="author@example.com")
    post = request_post(owner=owner)
    post.edit(title="Mine", content="My own words.", author=owner)
    client = as_user(owner)

    with read_only():
        answer = getattr(client, method)(path.format(pk=post.pk), body)

    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json"), answer.content
    assert (answer["Retry-After"], answer.json()["detail"]) == ("5", outage_detail(Outage.READ_ONLY))
    assert fresh(post).title == "Mine"


@pytest.mark.django_db
def test_reads_go_on_while_the_database_is_read_only(api):
    post = request_post()

    with read_only():
        assert api.get(f"/api/v1/blogs/{post.pk}").status_code == 200


@pytest.mark.django_db
def test_editors_get_a_page_that_says_what_is_wrong(editor_client):
    editor_client.raise_request_exception = False
    page = "/admin/blogs/blogpost/"

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        raise OperationalError("could not connect to db.internal")

    with connection.execute_wrapper(refuse):
        answer = editor_client.get(page)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"].startswith("text/html")
    assert Outage.UNREACHABLE.detail in answer.content.decode()
    assert b"db.internal" not in answer.content


@by_rows
@pytest.mark.django_db(transaction=True)
def test_saves_of_a_row_that_somebody_holds_end_with_503_and_are_not_done_later(as_user, settings):
    settings.DATABASE_LOCK_TIMEOUT = 0.3
    post = request_post()
    post.edit(title="Mine", content="My own words.", author=post.owner)
    start = threading.Barrier(8)

    def save(number: int) -> Any:
        try:
            client = as_user(post.owner)
            start.wait(timeout=30)
            return client.patch(f"/api/v1/blogs/{post.pk}", {"title": f"Save {number}"})
        finally:
            connection.close()

    with held_by_another(post), ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(save, range(8)))

    assert [answer.status_code for answer in answers] == [503] * 8
    assert {answer.json()["detail"] for answer in answers} == {outage_detail(Outage.BUSY)}
    assert fresh(post).title == "Mine"


@by_rows
@pytest.mark.django_db(transaction=True)
def test_an_editors_save_of_a_row_that_somebody_holds_ends_too(settings):
    settings.DATABASE_LOCK_TIMEOUT = 0.3
    connection.close()
    post = request_post()
    client = logged_in(post.owner.__class__.objects.create_superuser("root@example.com", PASSWORD))
    client.raise_request_exception = False

    with held_by_another(post):
        answer = client.post(f"/admin/blogs/blogpost/{post.pk}/delete/", {"post": "yes"})

    connection.close()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert Outage.BUSY.detail in answer.content.decode()
    assert BlogPost.objects.filter(pk=post.pk).exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a server keeps its own files")
@pytest.mark.django_db
def test_a_write_into_a_file_that_was_replaced_is_refused(api, monkeypatch, tmp_path: Path):
    path = str(connection.settings_dict["NAME"])
    monkeypatch.setitem(file._connected_to, path, (0, 0))

    answer = api.post("/api/v1/register", {"email": "new@example.com", "password": PASSWORD})

    assert (answer.status_code, answer.json()["detail"]) == (503, outage_detail(Outage.REPLACED))
    assert Client().get("/api/v1/blogs").status_code == 200
