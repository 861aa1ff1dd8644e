"""The cost of a post when thousands are queued, compared with few."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from django_q.models import OrmQ

from blogsite.benchmarks.generation import load
from blogsite.benchmarks.generation.size import A_POST, FEW, FEW_TIMES, MARGIN, Size
from blogsite.benchmarks.harness.postgres import PostgresServer
from blogsite.benchmarks.harness.resource_usage import cpu_seconds

CALL = 0.2  # seconds of a call


def measure(worker: int, server: PostgresServer | None, size: Size) -> dict[str, Any]:
    """Measure the CPU time a post of worker and PostgreSQL server, until posts and wake-ups are done.

    Waiting costs none: elapsed time says little about a queue of 100, which the model answers all at once.
    """
    processes = [worker, *postmaster(server)]
    few = [cost(processes, min(FEW, size.queue_depth)) for _ in range(FEW_TIMES)]
    began = time.monotonic()
    many = cost(processes, size.queue_depth)
    seconds = time.monotonic() - began
    return {
        "posts": size.queue_depth,
        "cpu_ms_per_post": round(many, 2),
        "cpu_ms_per_post_of_few": round(median(few), 2),
        "cost_ratio": round(many / median(few), 2),
        "seconds": round(seconds, 1),
    }


def cost(processes: list[int], posts: int) -> float:
    """Return milliseconds of CPU time a post."""
    load.submit(posts)
    before = cpu_seconds(*processes)
    load.wait_until_finished(posts * A_POST + MARGIN)
    deadline = time.monotonic() + posts * A_POST + MARGIN
    while OrmQ.objects.exists() and time.monotonic() < deadline:
        time.sleep(load.POLL)
    return 1000 * (cpu_seconds(*processes) - before) / posts


def postmaster(server: PostgresServer | None) -> Iterator[int]:
    if server:
        yield int(Path(server.data / "postmaster.pid").read_text().split()[0])
