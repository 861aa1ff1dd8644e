"""One run: start everything, watch memory, disk and queue, and add up what load and prober found."""

import json
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from blogsite.benchmarks.harness.deployment import (
    HOST,
    ModelServerProcess,
    environment,
    scratch_database,
    use_database,
    wait_for,
)
from blogsite.benchmarks.harness.http_load import CORES, PRIORITY, LoadFailed, leave_server_core
from blogsite.benchmarks.harness.resource_usage import MEGABYTE, process_tree
from blogsite.benchmarks.hostile import scene
from blogsite.benchmarks.hostile.askers import BROKEN
from blogsite.benchmarks.peers.servers import Fleet, answers
from generation.processes.child import ChildProcess
from generation.processes.ports import free_port

MODEL_CALL = 10.0  # seconds, for each of a post's two
SAMPLE_EVERY = 0.5  # seconds
SETTLE = 2.0  # seconds of load before it is measured
PACKAGE = "blogsite.benchmarks.hostile"


@dataclass(frozen=True)
class Size:
    """How much load there is.

    Args:
        seconds: how long it is measured.
        rows: posts in the database before.
        askers: of each expensive address.
        slow: connections that send slow bodies.
        generations: in flight.
    """

    seconds: float = 60
    rows: int = 20_000
    askers: int = 16
    slow: int = 64
    generations: int = 200


@dataclass
class Samples:
    """What is seen from outside while the load lasts."""

    web: int  # process id
    rss_mb: float = 0.0
    in_progress: list[int] = field(default_factory=list)

    def take(self) -> None:
        rss = 0
        for process in process_tree(self.web):
            with suppress(psutil.NoSuchProcess):
                rss += process.memory_info().rss
        self.rss_mb = max(self.rss_mb, rss / MEGABYTE)
        self.in_progress.append(in_progress())


def in_progress() -> int:
    from blogs.models import BlogPost, Status

    return BlogPost.objects.filter(status=Status.IN_PROGRESS).count()


def database_mb(scratch: Path) -> float:
    """Return the size of the database; SQLite's with its log."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return sum(path.stat().st_size for path in scratch.glob("trial.sqlite3*")) / MEGABYTE
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return float(cursor.fetchone()[0]) / MEGABYTE


def start_web(fleet: Fleet, env: dict[str, str]) -> tuple[int, str]:
    """Start the web server on its core; return its process id and URL.

    Raises:
        LoadFailed: it exited.
    """
    port = free_port(HOST)
    command = ["taskset", "-c", str(CORES[0]), sys.executable, "manage.py", "web", "--port", str(port)]
    web, url = fleet.start(command, env), f"http://{HOST}:{port}"
    wait_for(lambda: answers(url) or not web.alive, "the web server")
    if not web.alive:
        raise LoadFailed("\n  ".join(["The web server exited:", *web.last_lines]))
    return web.pid, url


def start_writing(fleet: Fleet, env: dict[str, str], size: Size) -> None:
    """Have a worker write as many posts at once as it should, from a queue that outlasts the trial."""
    from blogsite.benchmarks.generation.load import submit

    rounds = 3 + (size.seconds + SETTLE) / (2 * MODEL_CALL)
    submit(round(rounds * size.generations))
    fleet.start([sys.executable, "manage.py", "worker"], env)
    wait_for(lambda: in_progress() >= 0.9 * size.generations, "the worker")


def result_of(process: ChildProcess) -> dict[str, Any]:
    """Return what a process found.

    Raises:
        LoadFailed: it ended without a result.
    """
    for line in process.last_lines:
        if line.startswith("result "):
            found: dict[str, Any] = json.loads(line.removeprefix("result "))
            return found
    raise LoadFailed("\n  ".join([f"{process.argv} had no result:", *process.last_lines]))


def put_load_on(fleet: Fleet, url: str, scratch: Path, size: Size, samples: Samples) -> list[dict[str, Any]]:
    """Start load and prober, take samples until both have ended, and return their results.

    Raises:
        LoadFailed: one had none.
    """
    orders = scratch / "orders.json"
    todo = scene.orders(size.rows, url, size.askers, size.slow, size.seconds + SETTLE)
    orders.write_text(json.dumps(todo), encoding="utf-8")
    load = fleet.start([sys.executable, "-m", f"{PACKAGE}.askers", str(orders)], {})
    wait_for(lambda: "ready" in load.last_lines or not load.alive, "the load")
    time.sleep(SETTLE)
    prober = fleet.start([*PRIORITY, sys.executable, "-m", f"{PACKAGE}.prober", url, str(size.seconds)], {})
    while load.alive or prober.alive:
        samples.take()
        time.sleep(SAMPLE_EVERY)
    return [result_of(load), result_of(prober)]


def p99(times: list[float]) -> float:
    return sorted(times)[-(-99 * len(times) // 100) - 1]  # nearest rank


def summary(asked: dict[str, dict[str, int]], probes: dict[str, Any]) -> dict[str, Any]:
    """Return the results of load and prober."""
    edits, slow = asked["edit"], asked["slow"]
    counted = [(status, number) for of in asked.values() for status, number in of.items()]
    return {
        "get_median_ms": round(median(probes["get"]), 1),
        "get_p99_ms": round(p99(probes["get"]), 1),
        "get_max_ms": round(max(probes["get"]), 1),
        "healthz_p99_ms": round(p99(probes["healthz"]), 1),
        "healthz_max_ms": round(max(probes["healthz"]), 1),
        "probes_failed": probes["failed"],
        "errors_5xx": sum(number for status, number in counted if status.startswith("5") and status != "503"),
        "broken": sum(of.get(BROKEN, 0) for of in asked.values()) - slow.get(BROKEN, 0),
        "refused_503": sum(number for status, number in counted if status == "503"),
        "patches_accepted": edits.get("200", 0),
        "patches_refused": sum(edits.values()) - edits.get("200", 0),
        "asked": asked,
    }


def run(database: str, size: Size) -> dict[str, Any]:
    """Return the results on one database.

    Raises:
        LoadFailed: a process exited.
        MissingPostgres: there is no PostgreSQL.
    """
    leave_server_core()
    load_average = os.getloadavg()[0]
    settings = {"GENERATION_WORKERS": "2", "GENERATION_CONCURRENCY": str(max(1, size.generations // 2))}
    settings["METRICS_TOKEN"] = scene.OPERATOR
    with scratch_database(database) as (scratch, url, _), Fleet(scratch / "log") as fleet:
        use_database(url, settings)
        scene.fill(size.rows)
        model = ModelServerProcess(MODEL_CALL)
        fleet.stack.callback(model.process.end, 1)
        env = environment(url, settings) | {"OPENAI_BASE_URL": model.url}
        web, address = start_web(fleet, env)
        scene.edit_compared(address)
        scene.warm_up(address, size.rows)
        start_writing(fleet, env, size)
        samples, before = Samples(web), database_mb(scratch)
        asked, probes = put_load_on(fleet, address, scratch, size, samples)
        growth = database_mb(scratch) - before
    return {
        "database": database,
        "rows": size.rows,
        "seconds": size.seconds,
        **summary(asked, probes),
        "web_rss_mb": round(samples.rss_mb),
        "disk_growth_mb": round(growth, 1),
        "in_flight": round(median(samples.in_progress)),
        "load_average": round(load_average, 2),
    }
