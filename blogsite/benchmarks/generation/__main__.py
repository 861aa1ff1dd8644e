"""The throughput trial: how fast posts are written with many in flight, at what cost, and how fast one is fetched.

    python -m blogsite.benchmarks.generation [--in-flight 200] [--database sqlite|postgresql|both] [--json]

Each form runs on an empty database of its own, with a real web server, a real worker and a slow model on loopback: the
product (2 processes that share the posts in flight; the model takes half of the time for each of its two calls), and as
peers the queue by the book with a process for each call, and with threads inside a task (one call that takes the whole
time). `load.py`, `ours.py` and `backlog.py` define the results. The machine's other load affects all of them; its load
average at the start of each run is reported.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from blogsite.benchmarks.generation.size import Size
from blogsite.benchmarks.harness.deployment import PROJECT
from generation.processes.child import ChildProcess

DATABASES = ("sqlite", "postgresql")
PEERS = ("processes", "threads")
GRACE = 40.0  # seconds for a run to stop its processes
NAMES = {"ours": "this service", "processes": "a process per call", "threads": "threads in a task"}
COLUMNS = {
    "finished": "posts",
    "share_of_ideal": "of ideal",
    "posts_per_min": "a minute",
    "pss_mb": "MB",
    "connections": "conns",
    "cpu_ms_per_post": "CPU ms",
    "load_average": "load",
}


class TrialFailed(Exception):
    """A run ended without results; the message says which, with its last lines."""


def run(form: str, database: str, size: Size) -> dict[str, Any]:
    """Run one form on one database in a process of its own and return its results.

    Raises:
        TrialFailed: it did not finish, or not in time.
    """
    results: list[dict[str, Any]] = []

    def keep_result(line: str) -> None:
        if line.startswith("result "):
            results.append(json.loads(line.removeprefix("result ")))

    command = [sys.executable, "-m", "blogsite.benchmarks.generation.one_run", form, database, json.dumps(asdict(size))]
    child = ChildProcess(command, on_line=keep_result, cwd=PROJECT)
    child.start()
    deadline = time.monotonic() + size.longest
    try:
        while child.alive and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        child.end(GRACE)
    if not results:
        lines = "\n  ".join(child.last_lines)
        raise TrialFailed(f"'{NAMES[form]}' on {database} exited with {child.exit_code}, without results:\n  {lines}")
    return results[0]


def measure(database: str, size: Size, peers: list[str]) -> dict[str, Any]:
    ours = run("ours", database, size)
    return {
        "database": database,
        "in_flight": size.in_flight,
        "posts": size.posts,
        "latency_s": size.latency,
        **ours,
        "peers": {peer: run(peer, database, size) for peer in peers},
    }


def show(results: dict[str, Any], console: Console) -> None:
    title = f"{results['database']}: {results['posts']} posts, {results['in_flight']} in flight"
    table = Table("", *COLUMNS.values(), title=f"{title}, {results['latency_s']:g} s each")
    for form, row in {"ours": results, **results["peers"]}.items():
        table.add_row(NAMES[form], *("-" if row[key] is None else str(row[key]) for key in COLUMNS))
    console.print(table)
    median, p99, samples = (results[f"pickup{key}"] for key in ("_median_ms", "_p99_ms", "s"))
    console.print(f"From POST to the model, idle: median {median} ms, p99 {p99} ms ({samples} samples)")
    if backlog := results.get("backlog"):
        each, few = backlog["cpu_ms_per_post"], backlog["cpu_ms_per_post_of_few"]
        console.print(
            f"{backlog['posts']} queued posts: {each} ms of CPU each in {backlog['seconds']} s; "
            f"of 100 posts {few} ms; ratio {backlog['cost_ratio']}"
        )


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m blogsite.benchmarks.generation", description="Throughput trial.")
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--in-flight", type=int, default=200, help="posts written at once (200)")
    parser.add_argument("--posts", type=int, help="posts in total (three times as many)")
    parser.add_argument("--latency", type=float, default=5.0, help="seconds that the model takes for a post (5)")
    parser.add_argument("--pickups", type=int, default=40, help="samples of the time from POST to the first call (40)")
    parser.add_argument("--queue-depth", type=int, default=10_000, help="posts of the long queue (10000); 0 skips it")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS), help="which peers (both)")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each database")
    return parser.parse_args()


def main() -> None:
    options = parse_options()
    posts = options.posts or 3 * options.in_flight
    size = Size(options.in_flight, posts, options.latency, options.pickups, options.queue_depth)
    for database in DATABASES if options.database == "both" else (options.database,):
        try:
            results = measure(database, size, options.peers)
        except TrialFailed as failure:
            sys.exit(str(failure))
        if options.json:
            print(json.dumps(results), flush=True)
        else:
            show(results, Console())


if __name__ == "__main__":
    main()
