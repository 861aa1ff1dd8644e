"""`manage.py worker`: runs a qcluster, wakes it for abandoned generations, and restarts it when it breaks."""

import os
import sys
import threading
import time
from contextlib import suppress

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import close_old_connections, connection
from django.db.models.functions import Now

from blogs.database.file import refuse_replaced_file
from blogs.database.outages import Outage, outage_of
from generation.models import Generation, SitePause, WorkerSeen, from_now
from generation.processes.child import ChildProcess
from generation.processes.output import LineOutput
from generation.queue.fetch import is_due
from generation.queue.log import logger
from generation.queue.losses import Loss, release
from generation.queue.wakeups import wake_a_worker
from generation.reporting.totals import fold
from generation.worker.cluster import READY
from generation.worker.housekeeping import Housekeeping, jobs, publications
from generation.worker.identity import holders, release_the_dead, silent_holders, worker_name
from generation.worker.other_host import SEEN_EVERY, wait_for_other_host
from generation.worker.price_updates import PriceUpdates
from generation.worker.watch import Silences, WatchTime

WORKER_READY = "worker ready"  # printed when the cluster can write
RESTARTING, NO_LEASE = "restarting cluster: %s", "posts are due but no lease is held"
WORKER_DIED = "worker %s died; its generations are queued again"
PAUSED, RESUMED = "%s What is being written is finished; `manage.py resume` goes on.", "resumed"
SILENT = "worker %s still runs but has renewed nothing for %d leases; killing it"
SWEEP_EVERY, FOLD_EVERY = 1.0, 30.0  # seconds
SILENT_LEASES = 5  # a living process that has renewed nothing for so long is killed
STUCK_AFTER = 10.0  # seconds in which posts are due but no worker holds a lease
STARTS_WITHIN = 60.0  # seconds; a cold start on a busy machine takes ten
FORGOTTEN_AFTER = 24 * 3600.0  # seconds
HOUSEKEEPING_GRACE = 1.0  # seconds; it has had the cluster's, too
STDOUT = 1  # sys.stdout may be None
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0  # seconds before another start of a cluster that ended


class Supervisor:
    """Runs until `stop` is called. Any number may run on one PostgreSQL database without knowing of each other."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.restart_delay = FIRST_DELAY
        self.watched = WatchTime()
        self.silences = Silences(self.watched)
        self.idle_since = 0.0  # by watch time
        self.seen_at = -SEEN_EVERY
        self.fold_at = 0.0
        self.pause: SitePause | None = None
        self.outage: Outage | None = None
        self.output = LineOutput(STDOUT)
        self.prices = PriceUpdates(self.output.write)
        self.housekeeping = Housekeeping(self.stopping, jobs())
        self.publishing = Housekeeping(self.stopping, publications())

    def run(self) -> None:
        """Work until `stop` is called."""
        if not wait_for_other_host(self.stopping):
            return
        self.start_cluster()
        self.housekeeping.start()
        self.publishing.start()
        try:
            while not self.stopping.wait(SWEEP_EVERY):
                self.watch_cluster()
                self.prices.start_when_due()
                self.sweep()
        finally:
            self.prices.end()
            # The executors stop at once when asked, and need the grace period for the calls in flight.
            self.end_cluster(grace=settings.GENERATION_GRACE + 3, is_last=True)
            self.housekeeping.end(HOUSEKEEPING_GRACE)
            self.publishing.end(HOUSEKEEPING_GRACE)
            logger.info("worker stopped")

    def stop(self) -> None:
        self.stopping.set()

    def start_cluster(self) -> None:
        command = [sys.executable, sys.argv[0], "qcluster"]
        self.cluster = ChildProcess(command, on_line=self.print_line, env=dict(os.environ))
        self.cluster.start()
        self.started_at, self.idle_since = time.monotonic(), self.watched.seconds
        self.stuck_after = STARTS_WITHIN

    def end_cluster(self, grace: float, *, is_last: bool = False) -> None:
        """End the cluster's processes; what they could not hand back themselves is queued again.

        Args:
            grace: seconds for their calls in flight.
            is_last: this worker is stopping too, and takes its heartbeat away.
        """
        with suppress(DatabaseFailure):
            release_the_dead()  # before: these were not stopped by us
        self.cluster.end(grace)
        with suppress(DatabaseFailure):
            release_the_dead(Loss.STOPPED)
            if is_last:
                WorkerSeen.objects.filter(name=worker_name()).delete()

    def print_line(self, line: str) -> None:
        if line == READY:
            self.idle_since, self.stuck_after = self.watched.seconds, STUCK_AFTER
        self.output.write(WORKER_READY if line == READY else line)

    def watch_cluster(self) -> None:
        """Restart the cluster if it ended, or if posts have been due for long but no lease is held."""
        if not self.cluster.alive:
            self.restart(f"it ended with code {self.cluster.exit_code}")
        elif self.watched.seconds - self.idle_since > self.stuck_after:
            self.restart(NO_LEASE)

    def restart(self, why: str) -> None:
        logger.error(RESTARTING, why)
        self.end_cluster(grace=1.0)
        was_healthy = time.monotonic() - self.started_at > LONGEST_DELAY
        self.restart_delay = FIRST_DELAY if was_healthy else min(self.restart_delay * 2, LONGEST_DELAY)
        if not self.stopping.wait(self.restart_delay):
            self.start_cluster()

    def send_heartbeat(self) -> None:
        if time.monotonic() - self.seen_at > SEEN_EVERY:
            WorkerSeen.objects.update_or_create(name=worker_name(), defaults={"seen_at": Now()})
            WorkerSeen.objects.filter(seen_at__lt=from_now(-FORGOTTEN_AFTER)).delete()
            self.seen_at = time.monotonic()

    def sweep(self) -> None:
        """Look after what lost workers left, and queue a wake-up for due posts unless one is queued already."""
        try:
            close_old_connections()
            refuse_replaced_file()
            self.send_heartbeat()
            self.note_pause(SitePause.current())
            self.release_lost()
            self.wake_for_due_posts()
            self.fold_totals()
            self.note_outage(None)
        except DatabaseFailure as error:
            self.note_outage(outage_of(error) or Outage.UNREACHABLE, error)
            connection.close()

    def note_outage(self, outage: Outage | None, error: DatabaseFailure | None = None) -> None:
        self.watched.look(succeeded=outage is None)
        if outage and outage != self.outage:
            logger.warning("%s %s (%s)", outage.detail, outage.fix, error)
        elif self.outage and not outage:
            logger.info("the database is available again")
        self.outage = outage

    def note_pause(self, pause: SitePause | None) -> None:
        """Say that all writing is paused, and that it goes on."""
        if pause and (not self.pause or pause.since != self.pause.since):
            logger.warning(PAUSED, pause)
        elif self.pause and not pause:
            logger.info(RESUMED)
        self.pause = pause

    def release_lost(self) -> None:
        """Queue again what dead processes of this host held, and kill those that have been silent for too long."""
        for name in release_the_dead():
            logger.warning(WORKER_DIED, name)
        silent = {holder.name: holder for holder in silent_holders()}
        limit = (SILENT_LEASES - 1) * settings.GENERATION_LEASE  # the first is over when a lease expires
        for name in self.silences.longer_than(limit, silent):
            logger.error(SILENT, name, SILENT_LEASES)
            if not silent[name].kill():
                release(Generation.objects.of_worker(name), Loss.UNREACHABLE)

    def fold_totals(self) -> None:
        if time.monotonic() >= self.fold_at:
            self.fold_at = time.monotonic() + (0 if fold() else FOLD_EVERY)

    def wake_for_due_posts(self) -> None:
        due = is_due(worker_name())
        if not due or holders():  # a silent one has the time above
            self.idle_since = self.watched.seconds
        if due:
            wake_a_worker()
