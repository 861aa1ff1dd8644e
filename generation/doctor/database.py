"""The database: does it answer and take writes, is its schema up to date, does it keep what was acknowledged?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.db import Error, connection

from blogs.database import migrations
from blogs.database.file import is_disk_full
from blogs.database.outages import Outage
from blogs.database.probe import look
from generation.doctor.findings import Finding, error, ok, warning

MISSING = "{path} does not exist."
LOCK_HELD = "Session {pid} has had a transaction open for {seconds:.0f} s, and {waiting} wait for a lock of it."
LOCK_HOLDERS = """
SELECT holder.pid, extract(epoch FROM clock_timestamp() - holder.xact_start), count(DISTINCT waiter.pid)
FROM pg_stat_activity waiter
CROSS JOIN LATERAL unnest(pg_blocking_pids(waiter.pid)) AS blocking (pid)
JOIN pg_stat_activity holder ON holder.pid = blocking.pid
WHERE waiter.datname = current_database() AND cardinality(pg_blocking_pids(holder.pid)) = 0
GROUP BY holder.pid, holder.xact_start
"""


def database() -> Iterator[Finding]:
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        # To connect would create an empty one.
        yield error("database", MISSING.format(path=connection.settings_dict["NAME"]), "Run `manage.py migrate`.")
        return
    if is_disk_full():  # SQLite may not even be able to open it
        yield error("database", Outage.FULL.detail, Outage.FULL.fix)
        return
    try:
        connection.ensure_connection()
    except Error as problem:
        fix = "Start the database, or correct DATABASE_URL."
        yield error("database", f"Cannot connect: {' '.join(str(problem).split())}", fix)
        return
    yield _migrations()
    if (outage := look()) and outage != Outage.NOT_MIGRATED:
        yield error("database", outage.detail, outage.fix)
    if connection.vendor == "sqlite":
        yield from _sqlite_options()
    else:
        yield from _lock_holders()


def _migrations() -> Finding:
    if missing := migrations.missing():
        return error("database", f"Migrations not applied: {missing}.", Outage.NOT_MIGRATED.fix)
    version = ".".join(str(part) for part in connection.get_database_version())
    return ok("database", f"{connection.display_name} {version}, all migrations applied.")


def _lock_holders() -> Iterator[Finding]:
    """Find the sessions of PostgreSQL that others wait for."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_HOLDERS)
        for pid, seconds, waiting in cursor.fetchall():
            fix = f"If that is too long, end it with `SELECT pg_terminate_backend({pid})`."
            yield warning("database", LOCK_HELD.format(pid=pid, seconds=seconds, waiting=waiting), fix)


def _sqlite_options() -> Iterator[Finding]:
    fix = "Use the options in blogsite/conf/databases.py, and a local disk."
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    if mode != "wal":
        yield error("database", f"SQLite's journal mode is {mode!r}: readers and writers block each other.", fix)
    if synchronous < 2:
        yield error("database", "SQLite's synchronous mode is not FULL: a power cut loses posts.", fix)
