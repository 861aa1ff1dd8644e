"""The peer with a process for each call: Django-Q2 by the book, as many workers as calls in flight."""

from typing import Any

from blogsite.benchmarks.generation import load
from blogsite.benchmarks.generation.size import Size
from blogsite.benchmarks.harness.deployment import Deployment, wait_for
from blogsite.benchmarks.harness.postgres import PostgresServer


def measure(deployment: Deployment, server: PostgresServer | None, size: Size) -> dict[str, Any]:
    """Return the results; one call a post, which takes the whole latency."""
    worker = start_workers(deployment, size.in_flight)
    deployment.model.control(always={"delay": size.latency})
    return load.run(deployment, worker, server.port if server else None, size)


def start_workers(deployment: Deployment, count: int) -> int:
    """Start the stock cluster and return its process id once all its workers are ready."""
    worker = deployment.start_worker()
    log = deployment.log_path
    wait_for(lambda: log.read_text(encoding="utf-8").count("ready for work") >= count, "the stock cluster")
    return worker.pid
