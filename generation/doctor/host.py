"""This machine: its clock and its disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from generation.doctor.findings import Finding, error, ok, warning

CLOCKS_APART = 5.0  # seconds
LOW_DISK, FULL_DISK = 500, 50  # MB
PAST_CLOCK = "It shows {today:%d %B %Y}, a date before this version was released."
DISK_FULL = "Only {free} MB free: posts cannot be saved."


def clock() -> Iterator[Finding]:
    here, fix = datetime.now(UTC), "Synchronize the clock, for example with `timedatectl set-ntp true`."
    apart = abs((here - _database_time()).total_seconds())
    if here.date() < date.fromisoformat(settings.MODEL_PRICES_DATE):
        yield error("clock", PAST_CLOCK.format(today=here), fix)
    elif apart > CLOCKS_APART:
        yield warning("clock", f"Clocks of host and database differ by {apart:.0f} s: tokens expire too soon.", fix)
    else:
        yield ok("clock", "The clocks of host and database agree.")


def _database_time() -> datetime:
    # PostgreSQL's CURRENT_TIMESTAMP is that of the transaction's beginning.
    moment = "clock_timestamp()" if connection.vendor == "postgresql" else "CURRENT_TIMESTAMP"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {moment}")
        now = cursor.fetchone()[0]
    return now if isinstance(now, datetime) else datetime.fromisoformat(now).replace(tzinfo=UTC)


def disk() -> Iterator[Finding]:
    is_local = connection.vendor == "sqlite"
    folder = Path(connection.settings_dict["NAME"]).resolve().parent if is_local else Path(settings.BASE_DIR)
    free = shutil.disk_usage(folder).free // 1_000_000
    fix = f"Free up space on the disk of {folder}."
    if free < FULL_DISK:
        yield error("disk", DISK_FULL.format(free=free), fix)
    elif free < LOW_DISK:
        yield warning("disk", f"Only {free} MB free.", fix)
    else:
        yield ok("disk", f"{free / 1000:.1f} GB free in {folder}.")
