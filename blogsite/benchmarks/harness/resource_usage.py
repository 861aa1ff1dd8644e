"""A worker's memory, CPU time and connections to the database."""

import time
from contextlib import suppress
from typing import Any

import psutil
from django.db import connection

MEGABYTE = 1024 * 1024
SAMPLE_EVERY = 1.5  # seconds
SAMPLING_SHARE = 0.05  # of the time at most: hundreds of processes take a second


def process_tree(pid: int) -> list[Any]:
    """Return the process and all its descendants; none if it has ended."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def pss_mb(pid: int) -> float:
    """Return the memory of the process and its descendants in MB, shared pages counted once (PSS)."""
    total = 0
    for process in process_tree(pid):
        with suppress(psutil.NoSuchProcess):
            total += process.memory_full_info().pss
    return total / MEGABYTE


def cpu_seconds(*pids: int) -> float:
    """Return the CPU time that the processes and their descendants have used, including ended ones."""
    total = 0.0
    for pid in pids:
        for process in process_tree(pid):
            with suppress(psutil.NoSuchProcess):
                total += sum(process.cpu_times()[:4])  # user, system, and the same of reaped children
    return total


def connections(pid: int, port: int) -> int:
    """Return the number of connections of the process and its descendants to the PostgreSQL server on `port`.

    Counted in the server's pg_stat_activity, by the ports at the worker's end.
    """
    ends = set()
    for process in process_tree(pid):
        with suppress(psutil.NoSuchProcess):
            ends |= {c.laddr.port for c in process.net_connections("tcp") if c.raddr and c.raddr.port == port}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE client_port = ANY(%s)", [list(ends)])
        return int(cursor.fetchone()[0])


class Peaks:
    """The highest memory and number of connections of a worker among the samples.

    Args:
        pid: the worker's.
        port: the PostgreSQL server's, or None.
    """

    def __init__(self, pid: int, port: int | None) -> None:
        self.pid, self.port = pid, port
        self.pss_mb = 0.0
        self.connections: int | None = None
        self.next_at = 0.0

    def sample(self) -> None:
        """Take a sample, unless the last one is too recent."""
        began = time.monotonic()
        if began < self.next_at:
            return
        self.pss_mb = max(self.pss_mb, pss_mb(self.pid))
        if self.port is not None:
            self.connections = max(self.connections or 0, connections(self.pid, self.port))
        now = time.monotonic()
        self.next_at = now + max(SAMPLE_EVERY, (now - began) / SAMPLING_SHARE)
