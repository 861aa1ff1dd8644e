"""Databases beside the tests' own, without a table."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from blogsite.testing.workers import database_url


@contextmanager
def empty_database(directory: Path) -> Iterator[str]:
    """Yield the URL of a new database of the kind that is tested; SQLite's file is made by its first user."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    if connection.vendor == "sqlite":
        yield f"sqlite:///{directory / name}.sqlite3"
        return
    create_or_drop(f'CREATE DATABASE "{name}"')
    try:
        yield database_url().rpartition("/")[0] + f"/{name}"
    finally:
        create_or_drop(f'DROP DATABASE "{name}" WITH (FORCE)')


def create_or_drop(statement: Any) -> None:
    """By a connection of its own: not in a test's transaction."""
    import psycopg  # here: only PostgreSQL needs it

    with psycopg.connect(database_url(), autocommit=True) as server:
        server.execute(statement)
