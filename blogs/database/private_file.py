"""A connection to SQLite whose new files nobody but their owner may read."""

import os
import sqlite3
import stat
from contextlib import suppress
from typing import Any


class PrivateConnection(sqlite3.Connection):
    """Creates a missing file with the mode 0600, which SQLite gives to the files beside it, too: -wal and -shm.

    Not by opening it: to close it again would release SQLite's own locks on it. Not by the umask: it is the whole
    process's, and collected static files are for the web server to read.
    """

    def __init__(self, database: str, *args: Any, **kwargs: Any) -> None:
        with suppress(OSError):  # it exists, or SQLite says what is wrong
            if not str(database).startswith("file:"):
                os.mknod(database, stat.S_IFREG | 0o600)
        super().__init__(database, *args, **kwargs)
