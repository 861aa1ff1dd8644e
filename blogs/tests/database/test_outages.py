"""Which outage an error of the database means."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

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
        (of_server(OperationalError, "58030"), Outage.UNREACHABLE),
        (of_server(OperationalError, "54000"), None),  # an index's row that is too large
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


def error_of(sql: str) -> DatabaseError:
    """Return what the database itself says to a statement, which it may say in a transaction of its own."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    return error.value


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT no_such_column FROM blogs_blogpost",
        "SELECT 1 FROM locked_in_a_readonly_cupboard",
        "SELEKT 1",
        "SELECT no_such_function(1)",
    ],
)
def test_a_mistake_in_a_statement_is_no_outage(sql):
    assert outage_of(error_of(sql)) is None


@contextmanager
def last_migration_missing() -> Iterator[None]:
    recorder = MigrationRecorder(connection)
    ((app, name),) = MigrationLoader(connection).graph.leaf_nodes("generation")
    recorder.record_unapplied(app, name)
    try:
        yield
    finally:
        recorder.record_applied(app, name)


@pytest.fixture
def unmigrated(transactional_db: None) -> Iterator[None]:
    with last_migration_missing():
        yield


def test_a_missing_table_is_an_outage_while_migrations_are_missing_and_no_other_mistake_is(unmigrated):
    assert outage_of(error_of("SELECT 1 FROM no_such_table")) == Outage.NOT_MIGRATED
    assert outage_of(error_of("SELEKT 1")) is None


def test_a_missing_table_is_an_outage_even_where_the_database_may_not_be_asked(unmigrated):
    async def classify() -> Outage | None:
        return outage_of(caught.value)

    with transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError) as caught:
            cursor.execute("SELECT 1 FROM no_such_table")
        in_a_failed_transaction = outage_of(caught.value)
        transaction.set_rollback(True)
    cache.clear()
    in_an_event_loop = async_to_sync(classify)()

    assert in_a_failed_transaction == in_an_event_loop == Outage.NOT_MIGRATED


def test_a_missing_table_is_an_outage_though_all_were_there_before(transactional_db):
    assert migrations.missing() == 0

    with last_migration_missing():
        assert outage_of(error_of("SELECT 1 FROM no_such_table")) == Outage.NOT_MIGRATED


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


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a server keeps its own files")
def test_another_file_is_not_read_either_and_errors_mean_that_it_was_replaced(tmp_path: Path, monkeypatch):
    path = tmp_path / "db.sqlite3"
    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
    here, there = connection.copy(), connection.copy()
    here.ensure_connection()
    path.rename(tmp_path / "old.sqlite3")

    with pytest.raises(DatabaseReplaced):
        there.ensure_connection()

    assert there.connection is None
    assert outage_of(OperationalError("no such table: blogs_blogpost")) == Outage.REPLACED
    assert outage_of(OperationalError("attempt to write a readonly database")) == Outage.REPLACED
    here.close()
