"""Faults in which nobody dies: database or processes are silent for longer than a lease, or a clock is wrong."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import psutil
import psycopg
from django.db import connection

from blogsite.benchmarks.faults.scene import Fault, NothingHit, Scene
from blogsite.benchmarks.faults.victims import descendants, writer
from blogsite.testing.disks import filled
from generation.models import Generation

LEASES = 1.5  # that a silence lasts
HOUR = 3600  # seconds
LOCK_TABLES = "LOCK TABLE generation_generation, blogs_blogpost IN ACCESS EXCLUSIVE MODE"
KICK = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
HOLD_ROW = """
SELECT 1 FROM blogs_blogpost p JOIN generation_generation g ON g.post_id = p.id WHERE g.id = {pk:d} FOR UPDATE
"""


@contextmanager
def session(scene: Scene) -> Iterator[Any]:
    """A connection that nobody else uses, outside of any transaction."""
    if scene.postgres:
        with psycopg.connect(scene.postgres.url, autocommit=True) as own:
            yield own
    else:
        with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, timeout=20)) as own:
            yield own


def database_down(scene: Scene) -> None:
    """Crash PostgreSQL, or lock SQLite for a moment."""
    if scene.postgres:
        scene.postgres.crash()
    else:
        hold(scene, "BEGIN IMMEDIATE", 3)


def hold(scene: Scene, lock: str, seconds: float) -> None:
    while True:
        # A transaction of the service may have locked one of the tables, and wait for another.
        with suppress(psycopg.errors.DeadlockDetected), session(scene) as own:
            if scene.postgres:
                own.execute("BEGIN")
            own.execute(lock)
            time.sleep(seconds)
            own.execute("ROLLBACK")
            return


def tables_locked(scene: Scene) -> None:
    with scene.outage():
        hold(scene, LOCK_TABLES if scene.postgres else "BEGIN IMMEDIATE", LEASES * scene.lease)


def row_held(scene: Scene) -> None:
    """Hold a generation that is being written, and its post, while all others go on."""
    held = Generation.objects.held().order_by("lease_until").last()
    if held is None or not scene.postgres:
        raise NothingHit("no row can be held")
    lock = HOLD_ROW.format(pk=held.pk)

    def hold_it() -> None:
        with suppress(psycopg.Error):  # the server may be crashed meanwhile
            hold(scene, lock, LEASES * scene.lease)

    threading.Thread(target=hold_it, daemon=True).start()


def read_only(scene: Scene) -> None:
    """Have PostgreSQL refuse all writes for a while, as after a failover."""
    if not scene.postgres:
        raise NothingHit("SQLite has no such state")
    with scene.outage():
        configure(scene, "ALTER SYSTEM SET default_transaction_read_only = on")
        time.sleep(LEASES * scene.lease)
        configure(scene, "ALTER SYSTEM RESET default_transaction_read_only")


def configure(scene: Scene, change: str) -> None:
    """Change PostgreSQL's settings, for all connections."""
    with session(scene) as own:
        own.execute("SET default_transaction_read_only = off")
        own.execute(change)
        own.execute("SELECT pg_reload_conf()")
        own.execute(KICK)


def disk_full(scene: Scene) -> None:
    if not scene.disk:
        raise NothingHit("only root can mount a disk to fill")
    with scene.outage():
        with filled(scene.disk):
            time.sleep(LEASES * scene.lease)
        if scene.postgres:
            scene.postgres.ensure_running()


def worker_frozen(scene: Scene) -> None:
    """Suspend a process for longer than a lease."""
    process = writer(scene)
    process.suspend()
    threading.Timer(LEASES * scene.lease, resume, [[process]]).start()


def worker_frozen_for_good(scene: Scene) -> None:
    """Suspend a process until somebody kills it."""
    writer(scene).suspend()


def all_stopped(scene: Scene) -> None:
    """Suspend all processes of all workers, as when a machine sleeps."""
    workers = [worker for worker in scene.deployment.workers if worker.alive]
    processes = [each for worker in workers for each in (psutil.Process(worker.pid), *descendants(worker.pid))]
    with scene.outage():
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        time.sleep(LEASES * scene.lease)
        resume(processes)


def resume(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.resume()


def clock_wrong(name: str, seconds: int) -> Fault:
    """Return a fault: a host's clock is wrong for half a lease, or that of the one host there is."""

    def fault(scene: Scene) -> None:
        clock = scene.clocks.get(name) or scene.clocks.get("here")
        if clock is None:
            raise NothingHit("no compiler for a clock")
        clock.shift(seconds)
        time.sleep(scene.lease / 2)
        clock.shift(0)

    return fault


SILENCES: dict[str, Fault] = {
    "database down": database_down,
    "tables locked": tables_locked,
    "row held": row_held,
    "database read-only": read_only,
    "disk full": disk_full,
    "worker frozen": worker_frozen,
    "worker frozen for good": worker_frozen_for_good,
    "all processes stopped": all_stopped,
    "a worker's clock ahead": clock_wrong("elsewhere", HOUR),
    "a worker's clock behind": clock_wrong("elsewhere", -HOUR),
    "the web's clock ahead": clock_wrong("web", HOUR),
    "the web's clock behind": clock_wrong("web", -HOUR),
}
