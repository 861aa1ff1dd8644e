"""How long a statement waits for a lock."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def lock_timeout(timeout: str) -> Iterator[None]:
    """Limit in this block how long PostgreSQL waits for a lock; SQLite has a setting of its own.

    Args:
        timeout: in PostgreSQL's notation. The block must be in a transaction, which on an error is rolled back.

    Raises:
        OperationalError: a lock was not free in time.
    """
    set_lock_timeout(timeout)
    yield
    set_lock_timeout("0")  # no limit


def set_lock_timeout(timeout: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [timeout])
