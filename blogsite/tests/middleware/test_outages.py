"""What is said outside of the API's views while the database refuses what it is asked, and what is refused by us."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from psycopg.errors import DiskFull

from accounts.tests.baker_recipes import PASSWORD, editor
from blogs.database import file
from blogs.database.outages import Outage
from blogs.models import BlogPost
from blogs.tests.baker_recipes import finished_post
from blogsite.api.problems import CANNOT_SHOW, NOT_SAVED, PERHAPS_SAVED, outage_detail
from generation.tests.queue.test_locks import by_rows, held_by_another

POSTS = "/admin/blogs/blogpost/"
REGISTRATION = {"email": "new@example.com", "password": PASSWORD}


def refusing(start: str, message: str, cause: type[Exception] | None = None) -> Any:
    """Return a context in which the statements that begin with `start` fail."""

    def refuse(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(start):
            raise OperationalError(message) from (cause and cause())
        return execute(sql, *rest)

    return connection.execute_wrapper(refuse)


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def database_away() -> Any:
    return refusing("", "could not connect to db.internal")


@pytest.mark.django_db
def test_an_editor_gets_a_page_that_says_what_is_wrong(editor_client):
    with database_away():
        answer = editor_client.get(f"{POSTS}?q=<b>")

    page = text_of(answer)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"].startswith("text/html")
    assert CANNOT_SHOW in page
    assert Outage.UNREACHABLE.detail in page
    assert f'href="{POSTS}?q=%3Cb%3E"' in page
    assert "db.internal" not in page


@pytest.mark.django_db
def test_an_editors_save_says_that_nothing_was_saved(editor_client):
    with database_away():
        answer = editor_client.post(f"{POSTS}add/", {"title": "Bread"})

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert NOT_SAVED in text_of(answer)


@pytest.mark.django_db
def test_a_script_of_the_admin_gets_a_problem(editor_client):
    with database_away():
        answer = editor_client.get(f"{POSTS}live/", headers={"Accept": "application/json"})

    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["detail"] == outage_detail(Outage.UNREACHABLE)


@pytest.mark.django_db
def test_a_failure_after_the_view_does_not_say_that_nothing_was_saved(client):
    client.raise_request_exception = False
    editor.make(email="ed@example.com")

    with refusing('UPDATE "django_session"', "the server closed the connection"):
        answer = client.post("/admin/login/", {"username": "ed@example.com", "password": PASSWORD})

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert PERHAPS_SAVED in text_of(answer)


@by_rows
@pytest.mark.django_db(transaction=True)
def test_an_editors_save_of_a_row_that_somebody_holds_ends(editor_client, settings):
    settings.DATABASE_LOCK_TIMEOUT = 0.3
    connection.close()
    post = finished_post.make()

    with held_by_another(post):
        answer = editor_client.post(f"{POSTS}{post.pk}/delete/", {"post": "yes"})

    connection.close()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert Outage.BUSY.detail in text_of(answer)
    assert BlogPost.objects.filter(pk=post.pk).exists()


@pytest.mark.django_db
def test_readiness_says_that_the_disk_is_full_until_a_write_succeeds(api):
    with refusing("INSERT", "database or disk is full", DiskFull):
        refused = api.post("/api/v1/register", REGISTRATION)
    unready = api.get("/readyz")
    done = api.post("/api/v1/register", REGISTRATION)
    cache.delete("database:outage")  # it is kept for a second
    ready = api.get("/readyz")

    assert [answer.status_code for answer in (refused, unready, done, ready)] == [503, 503, 201, 200]
    assert refused.json()["detail"] == outage_detail(Outage.FULL)
    assert Outage.FULL.detail in unready.json()["detail"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a server keeps its own files")
@pytest.mark.django_db
def test_a_write_into_a_file_that_was_replaced_is_refused(api, editor_client, monkeypatch):
    monkeypatch.setitem(file._connected_to, str(connection.settings_dict["NAME"]), (0, 0))

    answer = api.post("/api/v1/register", REGISTRATION)
    page = editor_client.post(f"{POSTS}add/", {"title": "Bread"})
    unready = api.get("/readyz")

    assert (answer.status_code, answer.json()["detail"]) == (503, outage_detail(Outage.REPLACED))
    assert (page.status_code, Outage.REPLACED.detail in text_of(page)) == (503, True)
    assert (unready.status_code, Outage.REPLACED.detail in unready.json()["detail"]) == (503, True)
    assert api.get("/api/v1/blogs").status_code == 200
