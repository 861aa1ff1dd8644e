"""A SQLite file is for one host: another that comes, as in an upgrade, waits until the first has stopped."""

import threading
import time

from django.db import Error, connection
from django.db.models import Max

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
UNKNOWN = f"{WORKER_WAITS}: %s %s (%s)"


def wait_for_other_host(stopping: threading.Event) -> bool:
    """Return when no worker on another host uses a database file that only one host can use.

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
    """Return a line for the log, with its arguments, or nothing where another host does no harm or is gone.

    Args:
        is_known: there was one; else a database that cannot say so is for the worker to wait for.
    """
    if connection.vendor != "sqlite":
        return ()
    elsewhere = WorkerSeen.objects.exclude(name__startswith=f"{host()}:").filter(seen_at__gt=from_now(-GONE_AFTER))
    try:
        latest = elsewhere.values("name").annotate(at=Max("seen_at")).order_by("-at").first()
    except Error as error:  # who is there shows when it can be asked
        outage = outage_of(error) or Outage.UNREACHABLE
        return (UNKNOWN, outage.detail, outage.fix, error) if is_known else ()
    return (WAITING, latest["name"], f"{latest['at']:%H:%M:%S} UTC") if latest else ()
