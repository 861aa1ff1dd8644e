"""Whether all migrations are applied."""

from concurrent.futures import ThreadPoolExecutor

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

FRESH_FOR = 1.0  # seconds
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
