"""What a worker waits for before it writes: migrations, and the end of another host's work in a SQLite file."""

import threading
import time

from django.db import Error, connection
from django.db.models import Max

from blogs.database import migrations
from blogs.database.outages import Outage, outage_of
from generation.models import WorkerSeen, from_now
from generation.queue.log import logger
from generation.worker.identity import host

SEEN_EVERY = 5.0  # seconds between two heartbeats
GONE_AFTER = 3 * SEEN_EVERY  # seconds without one; a worker that is stopped takes its own away
ASKED_EVERY, SAID_EVERY = 1.0, 60.0  # seconds
WORKER_WAITS = "worker waits"
WAITING = (
    f"{WORKER_WAITS}: %s used this SQLite file at %s; stop it, or set DATABASE_URL to PostgreSQL, "
    "which several hosts may use"
)
NOT_MIGRATED = f"{WORKER_WAITS}: {Outage.NOT_MIGRATED.detail} {Outage.NOT_MIGRATED.fix}"
UNKNOWN = f"{WORKER_WAITS}: %s %s (%s)"


def wait_until_it_may_write(stopping: threading.Event) -> bool:
    """Return when all migrations are applied, and no worker on another host uses a file that only one host can use.

    Args:
        stopping: ends the waiting.

    Returns:
        False if this was asked to stop meanwhile.
    """
    say_at, is_known = 0.0, False
    while reason := reason_to_wait(is_known=is_known):
        is_known = True
        if time.monotonic() >= say_at:
            logger.warning(*reason)
            say_at = time.monotonic() + SAID_EVERY
        if stopping.wait(ASKED_EVERY):
            return False
    return True


def reason_to_wait(*, is_known: bool) -> tuple[object, ...]:
    """Return a line for the log, with its arguments, or nothing if there is nothing to wait for.

    Args:
        is_known: there was a reason; else a database that cannot be asked is for the worker to wait for.
    """
    try:
        return (NOT_MIGRATED,) if migrations.missing() else other_host()
    except Error as error:  # what there is to wait for shows when it can be asked
        connection.close()
        outage = outage_of(error) or Outage.UNREACHABLE
        return (UNKNOWN, outage.detail, outage.fix, error) if is_known else ()


def other_host() -> tuple[object, ...]:
    """Return a line for the log, with its arguments, or nothing where another host does no harm or is gone.

    Raises:
        Error: the database cannot be asked.
    """
    if connection.vendor != "sqlite":
        return ()
    elsewhere = WorkerSeen.objects.exclude(name__startswith=f"{host()}:").filter(seen_at__gt=from_now(-GONE_AFTER))
    latest = elsewhere.values("name").annotate(at=Max("seen_at")).order_by("-at").first()
    return (WAITING, latest["name"], f"{latest['at']:%H:%M:%S} UTC") if latest else ()
