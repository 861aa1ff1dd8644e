"""Workers on a test's database: an executor in a thread, and real `manage.py worker`s."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from generation.processes.child import ChildProcess
from generation.worker import shutdown
from generation.worker.executor import write_due

StartWorker = Callable[..., ChildProcess]
TIMEOUT = 40  # seconds that a busy machine may take


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
