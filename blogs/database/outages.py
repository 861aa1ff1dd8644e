"""Outages: which errors of the database mean "not now", which kind each is, and what to say about it."""

from __future__ import annotations

import sqlite3
from enum import StrEnum

from django.core.cache import cache
from django.db import Error, InterfaceError, OperationalError, connection

from blogs.database import migrations
from blogs.database.file import DatabaseReplaced, is_disk_full, is_replaced


class Outage(StrEnum):
    """Why the database does not do what it was asked at the moment; nothing was changed."""

    UNREACHABLE = "unreachable"
    BUSY = "busy"
    READ_ONLY = "read_only"
    FULL = "full"
    NOT_MIGRATED = "not_migrated"
    REPLACED = "replaced"

    @property
    def detail(self) -> str:
        """One sentence for everybody, without a host's name."""
        return _DETAIL[self]

    @property
    def fix(self) -> str:
        """One sentence for the operator: what to do next."""
        return _FIX[self]


_DETAIL = {
    Outage.UNREACHABLE: "The database is unavailable.",
    Outage.BUSY: "The database is busy: a lock was not released in time.",
    Outage.READ_ONLY: "The database is read-only at the moment.",
    Outage.FULL: "The database's disk is full.",
    Outage.NOT_MIGRATED: "The database's migrations are not applied.",
    Outage.REPLACED: "The database's file was replaced or removed while the service was running.",
}
_FIX = {
    Outage.UNREACHABLE: "Start the database, or correct DATABASE_URL.",
    Outage.BUSY: "End the process that holds the lock; `manage.py doctor` shows it on PostgreSQL.",
    Outage.READ_ONLY: "Make it writable, or point DATABASE_URL at the primary.",
    Outage.FULL: "Free up space on the database's disk.",
    Outage.NOT_MIGRATED: "Run `manage.py migrate`.",
    Outage.REPLACED: "Restart the service; what was acknowledged since went to the old file.",
}

# By SQLSTATE, the longest prefix first: PostgreSQL's manual, appendix A.
_BY_SQLSTATE = {
    "25006": Outage.READ_ONLY,
    "53100": Outage.FULL,
    "55P03": Outage.BUSY,  # `lock_timeout`
    "40": Outage.BUSY,  # deadlock, serialization
    "25": Outage.UNREACHABLE,  # a transaction that the server ended while it idled
    "57": Outage.UNREACHABLE,  # shutdown, crash, recovery, cancelled
    "53": Outage.UNREACHABLE,  # too many connections, out of memory
    "08": Outage.UNREACHABLE,
}
_BY_SQLITE_WORDS = {
    "readonly": Outage.READ_ONLY,
    "disk is full": Outage.FULL,
    "locked": Outage.BUSY,
}
LOCK_TIMEOUT = "55P03"
MISSING = ("42P01", "42703")  # a table, a column
MISSING_IN_SQLITE = ("no such table", "no such column")
LIMIT_EXCEEDED = "54"  # of columns, of an index's row: an operational error by name only
FULL_FOR = 30.0  # seconds after a write that failed for it
FULL_KEY = "database:full"


def outage_of(error: BaseException) -> Outage | None:
    """Return which outage an error means, or None for an error that waiting does not end.

    Safe in any thread and at any moment: a connection that is broken or in a failed transaction is not asked.
    """
    if not isinstance(error, Error):
        return None
    outage = by_missing(error) if is_missing(error) else by_code(error) or by_class(error)
    if isinstance(error, DatabaseReplaced) or (
        outage and is_replaced()
    ):  # then SQLite says that it is read-only, has no tables, or anything else
        return Outage.REPLACED
    if outage == Outage.FULL:
        cache.set(FULL_KEY, True, FULL_FOR)
    return outage


def was_full_lately() -> bool:
    """Whether a write of this process has failed for a full disk in the last seconds, and none has succeeded since."""
    return bool(cache.get(FULL_KEY))


def forget_full() -> None:
    """Note that a write has succeeded."""
    cache.delete(FULL_KEY)


def is_lock_timeout(error: Error) -> bool:
    return sqlstate(error) == LOCK_TIMEOUT


def sqlstate(error: Error) -> str:
    """Return PostgreSQL's code for an error, empty if it has none."""
    return getattr(error.__cause__, "sqlstate", None) or ""


def is_missing(error: Error) -> bool:
    return sqlstate(error) in MISSING or str(error).startswith(MISSING_IN_SQLITE)


def by_missing(error: Error) -> Outage | None:
    """Return what a missing table or column means: with all migrations applied, a mistake of ours."""
    try:
        return Outage.NOT_MIGRATED if migrations.are_missing() else None
    except Error:
        return Outage.UNREACHABLE


def by_code(error: Error) -> Outage | None:
    state = sqlstate(error)
    words = _BY_SQLITE_WORDS if connection.vendor == "sqlite" else {}
    named = [outage for word, outage in words.items() if word in str(error)]
    return next(iter([*named, *filter(None, (_BY_SQLSTATE.get(state[:5]), _BY_SQLSTATE.get(state[:2])))]), None)


def by_class(error: Error) -> Outage | None:
    if not isinstance(error, OperationalError | InterfaceError) or is_wrong_statement(error):
        return None
    return Outage.FULL if is_disk_full() else Outage.UNREACHABLE  # SQLite does not always say which


def is_wrong_statement(error: Error) -> bool:
    """Whether the statement is at fault. SQLite has no class of its own for that, but a code."""
    return sqlstate(error).startswith(LIMIT_EXCEEDED) or (
        getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    )
