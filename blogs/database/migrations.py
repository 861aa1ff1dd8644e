"""Whether all migrations are applied, and a lock for whoever applies them."""

import fcntl
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

FRESH_FOR = 1.0  # seconds
LOCK = 0x626C6F67  # "blog"
_are_applied = False  # once true it stays true: a process knows only the migrations of its own code


def missing() -> int:
    """Return how many migrations are not applied.

    Raises:
        Error: the database cannot be asked.
    """
    global _are_applied
    if _are_applied:
        return 0
    number = count_missing()
    _are_applied = not number
    return number


def are_missing() -> bool:
    """Return whether migrations are missing now, whatever was true before; at most a second old.

    Another thread asks: it has a connection of its own, while the caller's may be broken or in a failed transaction,
    or the caller in an event loop.

    Raises:
        Error: the database cannot be asked.
    """
    return bool(cache.get_or_set("database:migrations_missing", count_in_another_thread, FRESH_FOR))


def count_in_another_thread() -> int:
    def count() -> int:
        try:
            return count_missing()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(count).result()


def count_missing() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def alone() -> Iterator[None]:
    """Wait until nobody else is in such a block, so that migrations are applied by one after the other.

    Raises:
        Error: PostgreSQL cannot be asked.
        OSError: SQLite's directory cannot be read.
    """
    with alone_on_server() if connection.vendor == "postgresql" else alone_in_directory():
        yield


@contextmanager
def alone_on_server() -> Iterator[None]:
    """By a transaction of another connection: PgBouncer may have each transaction of one in another session."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SET LOCAL lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            yield
    finally:
        other.close()


@contextmanager
def alone_in_directory() -> Iterator[None]:
    """By SQLite's directory: to open the file and close it again would release SQLite's own locks on it."""
    directory = os.open(Path(connection.settings_dict["NAME"]).parent, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)
