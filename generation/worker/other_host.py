"""A SQLite file is for one host: another that comes, as in an upgrade, waits until the first has stopped."""

import threading
from datetime import datetime

from django.db import Error, connection

from generation.models import WorkerSeen, from_now
from generation.queue.log import logger
from generation.worker.identity import host

SEEN_EVERY = 5.0  # seconds between two heartbeats
SAID_EVERY = 60.0  # seconds
WAITING = (
    "waiting: %s uses this SQLite file too; stop it, or set DATABASE_URL to PostgreSQL, which several hosts may use"
)


def wait_for_other_host(stopping: threading.Event) -> bool:
    """Return when no worker on another host uses a database file that only one host can use.

    A heartbeat may be the last of a container that this one replaces; one that is followed by another is not.

    Args:
        stopping: ends the waiting.

    Returns:
        False if this was asked to stop meanwhile.
    """
    said_for = SAID_EVERY
    seen = heartbeats_elsewhere()
    while seen:
        if stopping.wait(1.5 * SEEN_EVERY):
            return False
        later = heartbeats_elsewhere()
        seen = {name: moment for name, moment in later.items() if seen.get(name, moment) != moment or name not in seen}
        if seen and said_for >= SAID_EVERY:
            logger.warning(WAITING, ", ".join(seen))
            said_for = 0.0
        said_for += 1.5 * SEEN_EVERY
    return True


def heartbeats_elsewhere() -> dict[str, datetime]:
    """Return the workers on other hosts that used this file lately, and when; none where any number may."""
    if connection.vendor != "sqlite":
        return {}
    elsewhere = WorkerSeen.objects.exclude(name__startswith=f"{host()}:").filter(seen_at__gt=from_now(-3 * SEEN_EVERY))
    try:
        return dict(elsewhere.values_list("name", "seen_at"))
    except Error as error:  # who is there shows later, when it can be asked
        logger.warning("database unavailable: %s", error)
        return {}
