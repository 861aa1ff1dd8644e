"""Where the work is kept and done: database, queue, worker, clock, disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from generation.doctor.findings import Finding, broken, fine, odd
from generation.reporting import stats

CLOCKS_APART = 5.0  # seconds
LONG_WAIT = 600.0  # seconds
LOW_DISK, NO_DISK = 500, 50  # MB


def database() -> Iterator[Finding]:
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        # To connect would make an empty one.
        yield broken("database", f"There is no {connection.settings_dict['NAME']} yet.", "Run `manage.py migrate`.")
        return
    try:
        connection.ensure_connection()
    except Error as error:
        mend = "Start the database, or set DATABASE_URL right."
        yield broken("database", f"It does not answer: {' '.join(str(error).split())}", mend)
        return
    executor = MigrationExecutor(connection)
    if missing := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield broken("database", f"{len(missing)} migrations are not applied.", "Run `manage.py migrate`.")
    else:
        version = ".".join(str(part) for part in connection.get_database_version())
        yield fine("database", f"{connection.display_name} {version} answers; all migrations are applied.")
    if connection.vendor == "sqlite":
        yield from _sqlite()


def _sqlite() -> Iterator[Finding]:
    mend = "Use the options in blogsite/conf/databases.py, and a local disk."
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    if mode != "wal":
        yield broken("database", f"SQLite's journal is {mode!r}: readers and writers block each other.", mend)
    if synchronous < 2:
        yield broken("database", "SQLite does not wait for the disk: a power cut loses posts.", mend)


def queue() -> Iterator[Finding]:
    state = stats.queue()
    waiting, limit = sum(state.depth.values()), settings.GENERATION_QUEUE_LIMIT
    oldest = state.oldest_pending_seconds or 0
    if waiting >= limit:
        mend = "Start more workers, or raise GENERATION_QUEUE_LIMIT."
        yield broken("queue", f"It is full with {waiting} posts: new ones are answered with 503.", mend)
    elif oldest > LONG_WAIT:
        mend = "Start more workers; look in their logs for a provider that asks for fewer requests."
        yield odd("queue", f"{waiting} posts wait, the first for {oldest / 60:.0f} minutes.", mend)
    else:
        yield fine("queue", f"{waiting} posts wait or are being written.")


def worker() -> Iterator[Finding]:
    state = stats.queue()
    if state.workers:
        yield fine("worker", f"{state.workers} seen in the last {stats.SEEN_LATELY:.0f} seconds.")
        return
    mend = "Run `manage.py worker`, or `manage.py up` for everything."
    if waiting := sum(state.depth.values()):
        yield broken("worker", f"{waiting} posts wait, and no worker was seen lately.", mend)
    else:
        yield odd("worker", "None was seen lately; nothing waits.", mend)


def clock() -> Iterator[Finding]:
    here, mend = datetime.now(UTC), "Set it by NTP, for example with `timedatectl set-ntp true`."
    apart = abs((here - _clock_of_the_database()).total_seconds())
    if here.date() < date.fromisoformat(settings.MODEL_PRICES_DATE):
        yield broken("clock", f"It says {here:%d %B %Y}, which was before this program was made.", mend)
    elif apart > CLOCKS_APART:
        yield odd("clock", f"This host and the database are {apart:.0f} seconds apart: tokens end too soon.", mend)
    else:
        yield fine("clock", "This host and the database agree.")


def _clock_of_the_database() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        now = cursor.fetchone()[0]
    return now if isinstance(now, datetime) else datetime.fromisoformat(now).replace(tzinfo=UTC)


def disk() -> Iterator[Finding]:
    at_hand = connection.vendor == "sqlite"
    folder = Path(connection.settings_dict["NAME"]).resolve().parent if at_hand else Path(settings.BASE_DIR)
    free = shutil.disk_usage(folder).free // 1_000_000
    mend = f"Free some space on the disk of {folder}."
    if free < NO_DISK:
        yield broken("disk", f"Only {free} MB are free: posts cannot be kept.", mend)
    elif free < LOW_DISK:
        yield odd("disk", f"Only {free} MB are free.", mend)
    else:
        yield fine("disk", f"{free / 1000:.1f} GB are free in {folder}.")
