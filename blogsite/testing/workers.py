"""Real `manage.py worker`s on a test's database."""

import time
from collections.abc import Callable

from django.db import connection

from generation.processes.child import ChildProcess

StartWorker = Callable[..., ChildProcess]
PATIENCE = 40  # seconds that a busy machine may take


def database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    address = f"{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}"
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{address}/{database['NAME']}"


def eventually(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
