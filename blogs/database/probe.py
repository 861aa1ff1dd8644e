"""Would a write succeed? For readiness, the doctor, and `up`."""

from django.core.cache import cache
from django.db import Error, connection, transaction

from blogs.database import migrations
from blogs.database.file import is_disk_full, refuse_replaced_file
from blogs.database.outages import Outage, outage_of, was_full_lately

FRESH_FOR, SHORT = 1.0, 0.5  # seconds


def write_outage() -> Outage | None:
    """Return what would keep a write from succeeding now, or None; at most a second old.

    A write that would only wait counts as one that succeeds.
    """
    found = cache.get_or_set("database:outage", lambda: look() or "", FRESH_FOR)
    return Outage(found) if found and found != Outage.BUSY else None


def look() -> Outage | None:
    """Return what would keep a write from succeeding at once, or None."""
    try:
        refuse_replaced_file()
        if is_disk_full():  # before it is opened, which needs space too
            return Outage.FULL
        if migrations.missing():
            return Outage.NOT_MIGRATED
        if connection.vendor == "sqlite":
            write_into_sqlite(SHORT)
        elif is_read_only():
            return Outage.READ_ONLY
    except Error as error:
        return outage_of(error) or Outage.UNREACHABLE
    return Outage.FULL if was_full_lately() else None  # a small write that is rolled back may still find space


def write_into_sqlite(wait: float) -> None:
    """Write into the file's header; that is rolled back.

    Args:
        wait: seconds for which another may hold the file.

    Raises:
        Error: it cannot be written.
    """
    with connection.cursor() as cursor:
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {wait * 1000:.0f}")
        try:
            with transaction.atomic():
                cursor.execute("PRAGMA user_version = 0")
                transaction.set_rollback(True)
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def is_read_only() -> bool:
    """Whether PostgreSQL takes no writes, for example as a standby.

    Raises:
        Error: it does not answer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return bool(cursor.fetchone()[0] == "on")
