"""The database that `manage.py up` needs before it starts anything; every error is one line with its fix."""

import os

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.exceptions import InconsistentMigrationHistory

from blogs.database import migrations
from blogs.database.file import is_disk_full
from blogs.database.outages import Outage
from blogs.database.probe import look

CONNECT_TIMEOUT = "5"  # seconds; without it a PostgreSQL host that swallows packets blocks us for two minutes
SQLITE_ERROR = "Cannot use the database {path}: {reason}. Make its directory writable, or set another DATABASE_URL."
POSTGRESQL_ERROR = "Cannot use the database in DATABASE_URL: {reason}. Start it, or correct DATABASE_URL."


class DatabaseNotReady(Exception):
    """The service cannot start; the message says why and how to fix it."""


def prepare_database() -> int:
    """Bring the schema up to date and return the number of migrations that were applied.

    Raises:
        DatabaseNotReady: the database does not answer, takes no writes, or its migration history is not ours.
    """
    os.environ.setdefault("PGCONNECT_TIMEOUT", CONNECT_TIMEOUT)
    try:
        if is_disk_full():
            raise DatabaseNotReady(f"{Outage.FULL.detail} {Outage.FULL.fix}")
        check_writable()
        with migrations.alone():  # another `up` may have begun on the same database
            if missing := migrations.missing():
                call_command("migrate", interactive=False, verbosity=0)
        if outage := look():
            raise DatabaseNotReady(f"{outage.detail} {outage.fix}")
        return missing
    except (DatabaseError, InconsistentMigrationHistory) as error:
        raise DatabaseNotReady(error_message(" ".join(str(error).split()).rstrip("."))) from error
    finally:
        connections.close_all()


def check_writable() -> None:
    """Write to SQLite's file and roll back: otherwise the first post would be the one to find it read-only."""
    if connection.vendor == "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("PRAGMA user_version = 0")
            transaction.set_rollback(True)


def error_message(reason: str) -> str:
    if connection.vendor == "sqlite":
        return SQLITE_ERROR.format(path=settings.DATABASES["default"]["NAME"], reason=reason)
    return POSTGRESQL_ERROR.format(reason=reason)
