"""How long a statement waits for a lock: on PostgreSQL, which by default waits for ever. SQLite has a timeout."""

import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from django.dispatch import receiver

# By a statement and not by options of the connection: PgBouncer refuses those.
SET_UP = (
    "SELECT set_config('lock_timeout', %s, false), set_config('default_transaction_isolation', 'read committed', false)"
)
OF_ROWS = re.compile(r"[\s(]*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)  # others may refuse a transaction
IDLE = 0  # psycopg's TransactionStatus; SQLite needs no such package


@receiver(connection_created)
def set_up(connection: Any, **kwargs: Any) -> None:
    """Have each wait for a lock end, and take each statement for itself, whatever the server's defaults are."""
    if connection.vendor != "postgresql":
        return
    if connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:  # by ?pool_mode=transaction
        if limit_transaction not in connection.execute_wrappers:
            connection.execute_wrappers.insert(0, limit_transaction)
        return
    with connection.cursor() as cursor:
        cursor.execute(SET_UP, [milliseconds(settings.DATABASE_LOCK_TIMEOUT)])


def limit_transaction(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute a statement with the limit set for its transaction alone; one by itself gets a transaction.

    Behind PgBouncer the next statement may have another session, and what is set for a session is left to strangers.
    """
    connection = context["connection"]
    raw = connection.connection
    if raw.info.transaction_status != IDLE or (raw.autocommit and not OF_ROWS.match(str(sql))):
        return execute(sql, params, many, context)
    with connection.wrap_database_errors, raw.transaction() if raw.autocommit else nullcontext():
        raw.execute(f"SET LOCAL lock_timeout = '{milliseconds(settings.DATABASE_LOCK_TIMEOUT)}'")
        return execute(sql, params, many, context)


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
