"""Through Debian's PgBouncer with pool_mode=transaction: each transaction gets another session."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import User
from accounts.tests.baker_recipes import editor
from blogs.database.outages import LOCK_TIMEOUT, sqlstate
from blogs.models import BlogPost
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.browsers import logged_in
from blogsite.testing.workers import eventually
from generation.processes.ports import free_port

POOL = 2  # sessions, fewer than threads
CONFIG = """
[databases]
* = {server} pool_size={POOL}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
auth_type = any
pool_mode = transaction
unix_socket_dir =
"""
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PgBouncer is for PostgreSQL"),
]


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Have all connections go through PgBouncer, and yield the parameters of psycopg's that go past it."""
    if not (pgbouncer := shutil.which("pgbouncer", path="/usr/sbin:/usr/bin")):
        pytest.skip("missing: pgbouncer (Debian's package of this name)")
    direct = address()
    port, config = free_port("127.0.0.1"), tmp_path / "pgbouncer.ini"
    server = " ".join(f"{name}='{value}'" for name, value in direct.items() if name != "dbname")
    config.write_text(CONFIG.format(server=server, port=port, POOL=POOL))
    # PgBouncer refuses to be root.
    process = subprocess.Popen([pgbouncer, "-q", *(["-u", "nobody"] if os.geteuid() == 0 else []), str(config)])
    connection.close()
    for name, value in {"HOST": "127.0.0.1", "PORT": port, "DISABLE_SERVER_SIDE_CURSORS": True}.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    try:
        eventually(is_open)
        yield direct
    finally:
        connection.close()
        connection.execute_wrappers.clear()
        process.terminate()
        process.wait()


def address() -> dict[str, Any]:
    """Return psycopg's parameters of the test database, without those that are empty."""
    database = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return {name: database[key] for name, key in names.items() if database[key]}


def is_open() -> bool:
    try:
        connection.ensure_connection()
    except OperationalError:
        return False
    return True


def in_threads(number: int, work: Callable[[], Any]) -> list[Any]:
    def one(_: int) -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(one, range(number)))


def test_pages_that_read_in_pieces_are_shown_to_many_at_once(pool):
    superuser = editor.make(is_superuser=True)

    def look() -> list[int]:
        browser = logged_in(superuser)
        return [browser.get(f"/admin/accounts/user/{superuser.pk}/change/").status_code for _ in range(2)]

    assert in_threads(2 * POOL, look) == [[200] * 2] * 2 * POOL


@pytest.mark.parametrize("in_transaction", [True, False])
def test_a_wait_for_a_lock_ends_whatever_session_it_is_in(pool, settings, in_transaction):
    settings.DATABASE_LOCK_TIMEOUT = 0.2
    post = finished_post.make()

    def change() -> str:
        try:
            if not in_transaction:
                BlogPost.objects.filter(pk=post.pk).update(title="Rye")
            with transaction.atomic(), transaction.atomic():  # the first statement is a savepoint
                BlogPost.objects.select_for_update().get(pk=post.pk)
        except OperationalError as error:
            return sqlstate(error)
        return "it did not wait"

    with psycopg.connect(**pool) as other:
        other.execute("SELECT FROM blogs_blogpost WHERE id = %s FOR UPDATE", [post.pk])
        found = in_threads(2 * POOL, change)

    assert found == [LOCK_TIMEOUT] * 2 * POOL


def test_nothing_is_left_in_a_session_for_whom_it_serves_next(pool):
    in_threads(2 * POOL, lambda: User.objects.update(is_staff=False))

    with psycopg.connect(**pool | {"host": "127.0.0.1", "port": connection.settings_dict["PORT"]}) as another_program:
        left = another_program.execute("SELECT name FROM pg_settings WHERE source = 'session'").fetchall()

    assert {name for (name,) in left} <= {"TimeZone", "client_encoding", "application_name"}
