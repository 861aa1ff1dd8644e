"""What clients and editors are told while the database does not do what it is asked; nothing is done afterwards."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import InternalError, connection
from psycopg.errors import ReadOnlySqlTransaction

from accounts.tests.baker_recipes import PASSWORD, writer
from blogs.database.outages import Outage
from blogsite.api.problems import outage_detail
from blogsite.testing.posts import fresh, owner_of, request_post
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


@by_rows
@pytest.mark.django_db(transaction=True)
def test_saves_of_a_row_that_somebody_holds_end_with_503_and_are_not_done_later(as_user, settings):
    settings.DATABASE_LOCK_TIMEOUT = 0.3
    post = request_post()
    post.edit(title="Mine", content="My own words.", author=owner_of(post))
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
