"""`manage.py worker`: owns a qcluster, gives abandoned posts back to it, and starts it anew when it breaks."""

import os
import sys
import threading
import time

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import close_old_connections, connection
from django.db.models.functions import Now

from generation.llm.providers import configured_provider
from generation.models import Generation, WorkerSeen, from_now
from generation.processes.child import ChildProcess
from generation.queue.fetch import is_due
from generation.queue.log import logger
from generation.queue.wakeups import wake_a_worker
from generation.worker.cluster import READY
from generation.worker.identity import end_leases_of_the_dead, host, worker_name

SWEEP_EVERY = 1.0  # seconds
WEDGED_AFTER = 10.0  # seconds in which posts are due and no worker holds a lease
STARTS_WITHIN = 60.0  # seconds; a cold start on a busy machine takes ten
SEEN_EVERY, FORGOTTEN_AFTER = 5.0, 24 * 3600.0  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before another start of a cluster that died


class SecondHost(Exception):
    """A worker of another host works on the same SQLite file, whose locks hold on one host only."""


def refuse_second_host() -> None:
    """Make sure that nobody else shares a file which only one host can share.

    A sign of life may be the last of a container that this one follows: one that is renewed is not.

    Raises:
        SecondHost: another host's worker is at work.
    """
    if connection.vendor != "sqlite":
        return
    elsewhere = WorkerSeen.objects.exclude(name__startswith=f"{host()}:").filter(seen_at__gt=from_now(-3 * SEEN_EVERY))
    seen = dict(elsewhere.values_list("name", "seen_at"))
    if seen:
        time.sleep(1.5 * SEEN_EVERY)
    for name, seen_at in elsewhere.values_list("name", "seen_at"):
        if seen.get(name, seen_at) != seen_at:
            raise SecondHost(f"{name} works on this SQLite file. Several hosts need PostgreSQL: set DATABASE_URL.")


class Worker:
    """Runs until `stop` is called. Any number may work on one PostgreSQL database; none needs to know the others."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.pause = FIRST_PAUSE
        self.idle_since = time.monotonic()
        self.seen_at = -SEEN_EVERY
        self.told_of: set[int] = set()

    def run(self) -> None:
        """Work until `stop` is called.

        Raises:
            SecondHost: another host's worker works on this SQLite file.
        """
        try:
            refuse_second_host()
        except DatabaseFailure as error:
            logger.warning("the database does not answer: %s", error)
        self.start_cluster()
        try:
            while not self.stopping.wait(SWEEP_EVERY):
                self.look_after_cluster()
                self.sweep()
        finally:
            # The drains stop at once when asked, and need the grace period for the calls in flight.
            self.cluster.end(grace=settings.GENERATION_GRACE + 3)
            logger.info("worker stopped")

    def stop(self) -> None:
        self.stopping.set()

    def start_cluster(self) -> None:
        command = [sys.executable, sys.argv[0], "qcluster"]
        self.cluster = ChildProcess(command, hand_on=self.hand_on, env=dict(os.environ))
        self.cluster.start()
        self.idle_since = self.started_at = time.monotonic()
        self.patience = STARTS_WITHIN

    def hand_on(self, line: str) -> None:
        if line == READY:
            self.idle_since, self.patience = time.monotonic(), WEDGED_AFTER
        print("worker ready" if line == READY else line, flush=True)

    def look_after_cluster(self) -> None:
        """Start the cluster anew if it ended, or if posts have been due for long and nobody writes."""
        if not self.cluster.alive:
            self.restart(f"it ended with code {self.cluster.exit_code}")
        elif time.monotonic() - self.idle_since > self.patience:
            self.restart("posts are due and nobody writes")

    def restart(self, why: str) -> None:
        logger.error("the cluster is started anew: %s", why)
        self.cluster.end(grace=1.0)
        lived_well = time.monotonic() - self.started_at > LONGEST_PAUSE
        self.pause = FIRST_PAUSE if lived_well else min(self.pause * 2, LONGEST_PAUSE)
        if not self.stopping.wait(self.pause):
            self.start_cluster()

    def be_seen(self) -> None:
        if time.monotonic() - self.seen_at > SEEN_EVERY:
            WorkerSeen.objects.update_or_create(name=worker_name(), defaults={"seen_at": Now()})
            WorkerSeen.objects.filter(seen_at__lt=from_now(-FORGOTTEN_AFTER)).delete()
            self.seen_at = time.monotonic()

    def sweep(self) -> None:
        """Ring for due posts that no message in the queue would wake a worker for."""
        try:
            close_old_connections()
            self.be_seen()
            for name in end_leases_of_the_dead():
                logger.warning("worker %s died; what it wrote goes to another", name)
            self.tell_of_abandoned()
            if not is_due(configured_provider().key):
                self.idle_since = time.monotonic()
                return
            if Generation.objects.held().filter(worker__startswith=f"{host()}:").exists():
                self.idle_since = time.monotonic()
            wake_a_worker()
        except DatabaseFailure as error:
            self.idle_since = time.monotonic()  # nobody can write without it
            logger.warning("the database does not answer: %s", error)
            connection.close()

    def tell_of_abandoned(self) -> None:
        """Say once of each post that its worker left it, and that another may take it up."""
        left = dict(Generation.objects.abandoned().order_by("lease_until").values_list("pk", "worker"))
        for pk, name in left.items():
            if pk not in self.told_of:
                logger.warning("generation %s was abandoned by worker %s; it is given to another", pk, name)
        self.told_of = set(left)
