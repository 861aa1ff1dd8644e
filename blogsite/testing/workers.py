"""Workers on a test's database: an executor in a thread, and real `manage.py worker`s."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from generation.models import Generation
from generation.processes.child import ChildProcess
from generation.worker import shutdown
from generation.worker.executor import write_due
from generation.worker.identity import host, worker_name

StartWorker = Callable[..., ChildProcess]
TIMEOUT = 40  # seconds that a busy machine may take
NOBODY = 2**22 + 1  # a process id beyond Linux's largest


@contextmanager
def executor_at_work() -> Iterator[None]:
    """Have an executor write in a thread what is due; wait at the end for all to be written."""

    def work() -> None:
        try:
            write_due()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join()
        shutdown._stopping.value = 0  # the test may have asked it to stop


def lose_process() -> None:
    """Leave what this process holds as if it had died."""
    Generation.objects.of_worker(worker_name()).update(worker=f"{host()}:1:{NOBODY}")


@contextmanager
def database_locked() -> Iterator[None]:
    """Keep everybody else from the generations, as a migration or a backup does; SQLite has one lock for all."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
        try:
            if connection.vendor == "postgresql":
                cursor.execute(f"LOCK TABLE {Generation._meta.db_table} IN ACCESS EXCLUSIVE MODE")
            yield
        finally:
            cursor.execute("ROLLBACK")


def database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    address = f"{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}"
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{address}/{database['NAME']}"


def eventually(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
