"""Backups of a SQLite database, as a database file of its own."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.db import connection

from blogsite.backups.files import (
    MIGRATIONS,
    NOT_A_BACKUP,
    BackupFailed,
    new_file,
    replacing,
    require_ours,
    require_whole,
)

FAILED = "The backup was not made: {reason}."
WITH_WAL = "{path}-wal is beside it, so that it is a database, or a copy of one made by hand"
IN_USE = "{path} is in use: stop the web server, the workers and whatever else has it open. Nothing was changed."
STEPS = 100_000  # of SQLite's machine, between two looks at signals


def database() -> Path:
    return Path(connection.settings_dict["NAME"])


@contextmanager
def opened(path: Path, *, how: str) -> Iterator[sqlite3.Connection]:
    """Open a file that exists, and is never created.

    Args:
        how: `mode=rw`, or `mode=ro&immutable=1` for one that nobody writes.
    """
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True, isolation_level=None)) as opened_file:
        opened_file.set_progress_handler(lambda: None, STEPS)  # else a signal would wait for the end of the statement
        yield opened_file


def back_up(path: Path) -> None:
    """Write all that is committed now into a new file, while others go on to read and write.

    Raises:
        BackupFailed: the database cannot be read, or the file not be written.
    """
    with new_file(path) as unfinished, opened(database(), how="mode=rw") as file:
        try:
            file.execute("VACUUM INTO ?", [str(unfinished)])
        except sqlite3.Error as error:
            raise BackupFailed(FAILED.format(reason=error)) from error


def verify(path: Path) -> None:
    """Read a backup from end to end.

    Raises:
        BackupFailed: it is damaged, or not a backup of this service.
        OSError: it cannot be read.
    """
    require_whole(path)
    wal = Path(f"{path}-wal")
    if wal.exists() and wal.stat().st_size:
        raise BackupFailed(NOT_A_BACKUP.format(path=path, reason=WITH_WAL.format(path=path)))
    try:
        with opened(path, how="mode=ro&immutable=1") as file:
            [found] = file.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise BackupFailed(NOT_A_BACKUP.format(path=path, reason=" ".join(found.split())))
            applied = set(file.execute(f"SELECT app, name FROM {MIGRATIONS}"))  # noqa: S608 (a constant)
    except sqlite3.Error as error:
        raise BackupFailed(NOT_A_BACKUP.format(path=path, reason=error)) from error
    require_ours(path, applied)


def is_empty() -> bool:
    """Whether the database has no table; a damaged one may have some."""
    if not database().exists():
        return True
    try:
        with opened(database(), how="mode=rw") as file:
            return not file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.DatabaseError:
        return False


def restore(path: Path) -> None:
    """Put a verified backup in the database's place.

    Raises:
        BackupFailed: somebody uses the database.
        OSError: the database's directory cannot be written, or its disk is full.
    """
    target = database().resolve()
    with locked(target), replacing(target) as unfinished:
        shutil.copyfile(path, unfinished)
        os.truncate(unfinished, require_whole(unfinished))  # again: what was copied counts
        if target.exists():
            with suppress(PermissionError):  # restored by root it stays the service's
                os.chown(unfinished, target.stat().st_uid, target.stat().st_gid)
        for name in ("-wal", "-shm"):  # of a damaged or removed file: SQLite would write them into this one
            Path(f"{target}{name}").unlink(missing_ok=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep everybody from a database in this block, and leave nothing beside its file.

    Raises:
        BackupFailed: somebody has it open.
    """
    if not path.exists():
        yield
        return
    with opened(path, how="mode=rw") as file:
        try:
            file.execute("PRAGMA locking_mode = EXCLUSIVE")
            file.execute("PRAGMA journal_mode = DELETE")  # only the last who has it open may leave WAL
            file.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise BackupFailed(IN_USE.format(path=path)) from error
        except sqlite3.DatabaseError:
            pass  # it is damaged, and of no use to anybody
        yield
