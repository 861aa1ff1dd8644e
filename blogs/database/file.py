"""SQLite's file and disk: a file that was replaced under a running process takes its writes into nowhere."""

import os
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection
from django.db.backends.signals import connection_created
from django.dispatch import receiver

LEAST_FREE = 1_000_000  # bytes
Identity = tuple[int, int] | None  # device and inode; None: there is no file

_connected_to: dict[str, Identity] = {}  # by path, at this process's first connection


class DatabaseReplaced(OperationalError):
    """The file is not the one that this process is connected to."""


@receiver(connection_created)
def note_file(connection: Any, **kwargs: Any) -> None:
    """Remember which file this process uses, and let none of its threads use another one.

    Raises:
        DatabaseReplaced: the new connection is to another file; it is closed.
    """
    if connection.vendor == "sqlite":
        path = str(connection.settings_dict["NAME"])
        _connected_to.setdefault(path, identity(path))
        if is_replaced():
            connection.close()
            refuse_replaced_file()


def refuse_replaced_file() -> None:
    """Make sure that what is written now can be read by the next process.

    Raises:
        DatabaseReplaced: SQLite's file was replaced or removed since this process connected to it.
    """
    if is_replaced():
        raise DatabaseReplaced(f"{connection.settings_dict['NAME']} was replaced")


def is_replaced() -> bool:
    """Whether SQLite's file was replaced or removed since this process connected to it."""
    path = str(connection.settings_dict["NAME"])
    return connection.vendor == "sqlite" and path in _connected_to and identity(path) != _connected_to[path]


def is_disk_full() -> bool:
    """Whether SQLite's disk has no space for another text."""
    if connection.vendor != "sqlite":
        return False
    try:
        disk = os.statvfs(Path(connection.settings_dict["NAME"]).parent)
    except OSError:  # no such directory, which is another problem
        return False
    return disk.f_bavail * disk.f_frsize < LEAST_FREE


def identity(path: str) -> Identity:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
