"""Which outage an error of the database means."""

from pathlib import Path
from typing import Any

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
)

from blogs.database import file, migrations
from blogs.database.file import DatabaseReplaced, refuse_replaced_file
from blogs.database.outages import Outage, outage_of

pytestmark = pytest.mark.django_db


def of_server(kind: type[DatabaseError], sqlstate: str) -> DatabaseError:
    error = kind("the server said no")
    error.__cause__ = type("FromDriver", (Exception,), {"sqlstate": sqlstate})()
    return error


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (of_server(InternalError, "25006"), Outage.READ_ONLY),
        (of_server(InternalError, "25P03"), Outage.UNREACHABLE),  # the transaction idled for too long
        (of_server(InternalError, "25P02"), Outage.UNREACHABLE),
        (of_server(OperationalError, "57P01"), Outage.UNREACHABLE),
        (of_server(OperationalError, "57014"), Outage.UNREACHABLE),
        (of_server(OperationalError, "53100"), Outage.FULL),
        (of_server(OperationalError, "53300"), Outage.UNREACHABLE),
        (of_server(OperationalError, "55P03"), Outage.BUSY),
        (of_server(OperationalError, "40P01"), Outage.BUSY),
        (OperationalError("connection refused"), Outage.UNREACHABLE),
        (InterfaceError("connection already closed"), Outage.UNREACHABLE),
        (DatabaseReplaced(), Outage.REPLACED),
        (of_server(IntegrityError, "23505"), None),
        (of_server(ProgrammingError, "42P01"), None),
        (ProgrammingError("wrong"), None),
        (ValueError("none of the database's"), None),
    ],
)
def test_an_error_is_an_outage_if_waiting_may_end_it(error, outage):
    assert outage_of(error) == outage


@pytest.mark.skipif(connection.vendor != "sqlite", reason="these are SQLite's words")
@pytest.mark.parametrize(
    ("words", "outage"),
    [
        ("attempt to write a readonly database", Outage.READ_ONLY),
        ("database or disk is full", Outage.FULL),
        ("database is locked", Outage.BUSY),
        ("no such table: blogs_blogpost", None),
    ],
)
def test_sqlite_says_it_in_words(words, outage):
    assert outage_of(OperationalError(words)) == outage


def test_a_missing_table_is_an_outage_as_long_as_migrations_are_missing(monkeypatch):
    missing: Any = OperationalError("no such table: x")
    if connection.vendor == "postgresql":
        missing = of_server(ProgrammingError, "42P01")
    monkeypatch.setattr(migrations, "_are_applied", False)
    assert outage_of(missing) is None
    monkeypatch.setattr(migrations, "_are_applied", False)

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'generation' AND name LIKE '0003%'")

    assert outage_of(missing) == Outage.NOT_MIGRATED


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a server keeps its own files")
@pytest.mark.parametrize("how", ["removed", "replaced"])
def test_a_file_that_was_replaced_or_removed_is_refused(tmp_path: Path, monkeypatch, how):
    path = tmp_path / "db.sqlite3"
    path.touch()
    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
    file.note_file(connection)
    refuse_replaced_file()

    path.rename(tmp_path / "old.sqlite3")
    if how == "replaced":
        path.touch()

    with pytest.raises(DatabaseReplaced):
        refuse_replaced_file()
