"""Outages: which errors of the database mean "not now", which kind each is, and what to say about it."""

from __future__ import annotations

from enum import StrEnum

from django.db import Error, InterfaceError, OperationalError, connection


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
    Outage.BUSY: "The database is busy: something else holds what this request needs.",
    Outage.READ_ONLY: "The database is read-only at the moment.",
    Outage.FULL: "The database's disk is full.",
    Outage.NOT_MIGRATED: "The database's migrations are not applied.",
    Outage.REPLACED: "The database's file was replaced or removed while the service was running.",
}
_FIX = {
    Outage.UNREACHABLE: "Start the database, or correct DATABASE_URL.",
    Outage.BUSY: "End the transaction that holds the lock; `pg_stat_activity` shows it.",
    Outage.READ_ONLY: "Make it writable, or point DATABASE_URL at the primary.",
    Outage.FULL: "Free up space on the database's disk.",
    Outage.NOT_MIGRATED: "Run `manage.py migrate`.",
    Outage.REPLACED: "Restart the service; what was acknowledged since went to the old file.",
}

# By SQLSTATE, the longest prefix first: PostgreSQL's manual, appendix A.
_BY_SQLSTATE = {
    "25006": Outage.READ_ONLY,
    "53100": Outage.FULL,
    "55P03": Outage.BUSY,  # lock_timeout
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
_BY_SQLITE_MISSING = ("no such table", "no such column")
UNDEFINED = ("42P01", "42703")


def outage_of(error: BaseException) -> Outage | None:
    """Return which outage an error means, or None for an error that waiting does not end."""
    if not isinstance(error, Error):
        return None
    state = getattr(error.__cause__, "sqlstate", None) or ""
    for length in (5, 2):
        if outage := _BY_SQLSTATE.get(state[:length]):
            return outage
    message = str(error)
    if connection.vendor == "sqlite":
        for words, outage in _BY_SQLITE_WORDS.items():
            if words in message:
                return outage
    if state in UNDEFINED or message.startswith(_BY_SQLITE_MISSING):
        return Outage.NOT_MIGRATED
    return Outage.UNREACHABLE if isinstance(error, OperationalError | InterfaceError) else None
