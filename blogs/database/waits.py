"""How long a statement waits for a lock: on PostgreSQL, which by default waits for ever. SQLite has a timeout."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from django.dispatch import receiver

# By a statement and not by options of the connection: PgBouncer refuses those.
SET_UP = (
    "SELECT set_config('lock_timeout', %s, false), set_config('default_transaction_isolation', 'read committed', false)"
)


@receiver(connection_created)
def set_up(connection: Any, **kwargs: Any) -> None:
    """Have each wait for a lock end, and take each statement for itself, whatever the server's defaults are."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(SET_UP, [milliseconds(settings.DATABASE_LOCK_TIMEOUT)])


@contextmanager
def wait_at_most(seconds: float) -> Iterator[None]:
    """Wait in this block for so many seconds for a lock, not for DATABASE_LOCK_TIMEOUT.

    The block must be in a transaction, which on an error is rolled back.

    Raises:
        OperationalError: a lock was not free in time.
    """
    usual = set_lock_timeout(milliseconds(seconds))
    yield
    set_lock_timeout(usual)


def set_lock_timeout(timeout: str) -> str:
    """Set the timeout for the rest of the transaction, and return what it was."""
    if connection.vendor != "postgresql":
        return timeout
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, true)", [timeout])
        return str(cursor.fetchone()[0])


def milliseconds(seconds: float) -> str:
    return f"{math.ceil(seconds * 1000)}ms"  # 0 would be no limit
