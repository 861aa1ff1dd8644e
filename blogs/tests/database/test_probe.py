"""What keeps a write from succeeding is known before somebody writes."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from psycopg.errors import DiskFull

from blogs.database import migrations
from blogs.database.outages import Outage, forget_full, outage_of
from blogs.database.probe import look, write_outage
from blogsite.testing.disks import filled, small_disk

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="a server keeps its own files")
only_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="a setting of PostgreSQL's")


@pytest.mark.django_db
def test_nothing_keeps_a_write_from_succeeding():
    assert write_outage() is None


@pytest.mark.django_db
def test_migrations_that_are_not_applied(monkeypatch):
    monkeypatch.setattr(migrations, "_are_applied", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'generation'")

    assert look() == Outage.NOT_MIGRATED


@only_postgresql
@pytest.mark.django_db
def test_a_server_that_takes_no_writes():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")

    assert look() == Outage.READ_ONLY


@pytest.mark.django_db
def test_a_disk_that_was_full_for_a_write_of_this_process_until_one_succeeds():
    error = OperationalError("could not extend file: the database or disk is full")
    error.__cause__ = DiskFull()

    outage_of(error)
    found = look()
    forget_full()

    assert (found, look()) == (Outage.FULL, None)


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_file_that_another_writes_is_ready_but_busy():
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
        other.execute("BEGIN IMMEDIATE")
        assert look() == Outage.BUSY
        assert write_outage() is None
        assert connection.cursor().execute("PRAGMA busy_timeout").fetchone() == (20_000,)


@pytest.mark.django_db
def test_what_was_found_is_kept_for_a_second(django_assert_num_queries):
    write_outage()

    with django_assert_num_queries(0):
        write_outage()


@pytest.fixture
def on_small_disk(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of processes whose SQLite database is on a disk of 4 MB."""
    with small_disk(tmp_path):
        path = tmp_path / "small.sqlite3"
        with (
            closing(sqlite3.connect(connection.settings_dict["NAME"])) as here,
            closing(sqlite3.connect(path)) as there,
        ):
            here.backup(there)
        yield os.environ | {"DATABASE_URL": f"sqlite:///{path}", "HTTPS": "false"}


def status_of(path: str, environment: dict[str, str]) -> str:
    """Return the status and detail of a GET in a process of its own."""
    code = (
        "import django; django.setup(); from django.test import Client; answer = Client().get('" + path + "');"
        "print(answer.status_code, answer.json().get('detail'))"
    )
    environment = environment | {"DJANGO_SETTINGS_MODULE": "blogsite.settings", "ALLOWED_HOSTS": "testserver"}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    return run.stdout.splitlines()[-1]


@only_sqlite
@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_seen_by_readiness_doctor_and_up(on_small_disk, tmp_path):
    assert status_of("/readyz", on_small_disk).startswith("200")

    with filled(tmp_path):
        readiness = status_of("/readyz", on_small_disk)
        doctor, up = (
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=settings.BASE_DIR,
                env=on_small_disk,
                capture_output=True,
                text=True,
                check=False,
            )
            for command in (["doctor"], ["up", "--port", "8999"])
        )

    assert readiness == f"503 {Outage.FULL.detail} {Outage.FULL.fix}"
    assert f"database  {Outage.FULL.detail}" in doctor.stdout
    assert up.returncode == 1
    assert Outage.FULL.detail in up.stderr
