"""Work in another connection to the database, while a test holds rows in its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

by_rows = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks no rows, but all of the database")


@contextmanager
def another_connection(work: Callable[[], Any]) -> Iterator[Future[Any]]:
    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(run)


def own_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def is_waited_for(pid: int) -> bool:
    """Whether a connection waits for a row that the connection with this `pid` holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND %s = ANY(pg_blocking_pids(pid))", [pid])
        return cursor.fetchone() is not None
