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
        if connection.vendor == "postgresql":
            return look_into_postgresql()
        write_into_sqlite(SHORT)
    except Error as error:
        return outage_of(error) or Outage.UNREACHABLE
    return None


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


def look_into_postgresql() -> Outage | None:
    """Ask whether it takes writes; that its disk is full is known only from a write that failed.

    Raises:
        Error: it does not answer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")
        if cursor.fetchone()[0]:
            return Outage.READ_ONLY
    return Outage.FULL if was_full_lately() else None
