"""Django-Q2's cluster, made to stop gracefully, and to end rather than hang when one of its processes dies.

Unmodified, Django-Q2 1.11 waits without limit for busy workers on SIGTERM, loses their tasks on a SIGTERM to the whole
group, and goes on with a queue that no process can read after an idle worker was killed.
"""

import gc
import os
import signal
import time
from importlib import import_module
from multiprocessing import Process
from types import FrameType
from typing import Any

from django.conf import settings
from django_q import cluster

from generation.llm.client import preload
from generation.processes.child import die_with_parent
from generation.queue.log import logger
from generation.worker.shutdown import ask_to_stop

READY = "qcluster ready"
BROKEN = 70  # exit code (EX_SOFTWARE) of a cluster that must be restarted


class SteadySentinel(cluster.Sentinel):  # type: ignore[misc]
    """The process that guards the workers."""

    def start(self) -> None:
        # The main process is asked to stop, and passes that on by an event; so does a signal to the whole group.
        # All processes forked from here ignore SIGTERM likewise: executors poll for the stop themselves.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        die_with_parent()
        os.register_at_fork(after_in_child=die_with_parent)
        super().start()

    def reincarnate(self, process: Process) -> None:
        """Replace a worker that died at work or was recycled; give up the cluster when another process was killed.

        An idle worker holds the queue's lock while it waits, and a monitor's or pusher's last message may be cut:
        what is left would look alive and do nothing. Those two also end by themselves when the database is away, and
        leave their queues whole: they are replaced, and what is being written goes on.
        """
        at_work = process in self.pool and process.timer.value != IDLE  # type: ignore[attr-defined]
        ended_by_itself = process in (self.monitor, self.pusher) and (process.exitcode or 0) >= 0
        if at_work or ended_by_itself:
            super().reincarnate(process)
            return
        logger.critical("process %s of the cluster died; stopping the cluster for a restart", process.pid)
        ask_to_stop()
        give_up = time.monotonic() + settings.GENERATION_GRACE + 2
        while time.monotonic() < give_up and any(worker.is_alive() and worker.timer.value > 0 for worker in self.pool):
            time.sleep(0.1)
        os._exit(BROKEN)  # the others end with their parent


IDLE = -1  # what Django-Q2 writes into a worker's timer between two tasks
cluster.Sentinel = SteadySentinel


class SteadyCluster(cluster.Cluster):  # type: ignore[misc]
    def run(self) -> int:
        """Run until asked to stop by SIGTERM or SIGINT, or until the cluster breaks; return an exit code."""
        # Once for all workers: imported in each, this costs every one of them 34 MB and 0.9 s.
        import_module("generation.tasks")
        preload()
        gc.freeze()
        self.start()
        print(READY, flush=True)
        self.sentinel.join()
        return 0 if self.sentinel.exitcode == 0 else BROKEN

    def sig_handler(self, signum: int, frame: FrameType | None) -> Any:
        # A second signal (a killed command can send two) would find the stop event's lock held by this very thread.
        for again in (signal.SIGTERM, signal.SIGINT):
            signal.signal(again, signal.SIG_IGN)
        ask_to_stop()
        if not self.sentinel:
            raise SystemExit(0)
        return super().sig_handler(signum, frame)
