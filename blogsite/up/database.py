"""What must hold before `manage.py up` starts anything; every complaint is one line that says what to do."""

import os

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor

CONNECT_TIMEOUT = "5"  # seconds; without it a PostgreSQL host that swallows packets holds us for two minutes


class NotPrepared(Exception):
    """The service cannot start; the message says why and what to do."""


def prepare_database() -> int:
    """Bring the database's tables up to date and return how many migrations that took.

    Raises:
        NotPrepared: the database does not answer, cannot be written, or its history is not ours.
    """
    os.environ.setdefault("PGCONNECT_TIMEOUT", CONNECT_TIMEOUT)
    try:
        try_to_write()
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            call_command("migrate", interactive=False, verbosity=0)
        return len(missing)
    except (DatabaseError, InconsistentMigrationHistory) as error:
        raise NotPrepared(database_complaint(" ".join(str(error).split()).rstrip("."))) from error
    finally:
        connections.close_all()


def try_to_write() -> None:
    """Write to SQLite's file and take it back: a read-only one would be noticed by the first post otherwise."""
    if connection.vendor == "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("PRAGMA user_version = 0")
            transaction.set_rollback(True)


def database_complaint(reason: str) -> str:
    if connection.vendor == "sqlite":
        path = settings.DATABASES["default"]["NAME"]
        return f"Cannot use the database {path}: {reason}. Make its directory writable, or set another DATABASE_URL."
    return f"Cannot use the database that DATABASE_URL names: {reason}. Start it, or mend DATABASE_URL."
