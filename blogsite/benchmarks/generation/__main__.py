"""The throughput trial: how fast posts are written with many in flight, at what cost, and how fast one is picked up.

    python -m blogsite.benchmarks.generation [--in-flight 200] [--database sqlite|postgresql|both] [--json]

Each form works on an empty database of its own, with a real web server, a real worker and a model on loopback that
takes its time: the product (2 workers that share the posts in flight; the model takes half of the time for each of its
two calls), and as peers the queue by the book with a process for each call, and with threads inside a task (one call
that takes the whole time). What the figures mean exactly is said in `load.py`, `ours.py` and
`backlog.py`. The machine's other load is in all of them; its load average at the start of each run is given.
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
GRACE = 40.0  # seconds for a trial to end its processes
NAMES = {"ours": "ours", "processes": "a process per call", "threads": "threads in a task"}
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
    """A trial ended without figures; the message says which, and its last lines."""


def trial(form: str, database: str, size: Size) -> dict[str, Any]:
    """Run one form on one database in a process of its own and return its figures.

    Raises:
        TrialFailed: it did not finish, or not in time.
    """
    results: list[dict[str, Any]] = []

    def hear(line: str) -> None:
        if line.startswith("result "):
            results.append(json.loads(line.removeprefix("result ")))

    command = [sys.executable, "-m", "blogsite.benchmarks.generation.one_run", form, database, json.dumps(asdict(size))]
    child = ChildProcess(command, on_line=hear, cwd=PROJECT)
    child.start()
    deadline = time.monotonic() + size.longest
    try:
        while child.alive and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        child.end(GRACE)
    if not results:
        story = "\n  ".join(child.last_lines)
        raise TrialFailed(
            f"'{NAMES[form]}' on {database} ended (exit code {child.exit_code}) without figures:\n  {story}"
        )
    return results[0]


def measure(database: str, size: Size, peers: list[str]) -> dict[str, Any]:
    ours = trial("ours", database, size)
    return {
        "database": database,
        "in_flight": size.in_flight,
        "posts": size.posts,
        "latency_s": size.latency,
        **ours,
        "peers": {peer: trial(peer, database, size) for peer in peers},
    }


def show(figures: dict[str, Any], console: Console) -> None:
    title = f"{figures['database']}: {figures['posts']} posts, {figures['in_flight']} in flight"
    table = Table("", *COLUMNS.values(), title=f"{title}, {figures['latency_s']:g} s each")
    for form, row in {"ours": figures, **figures["peers"]}.items():
        table.add_row(NAMES[form], *("-" if row[key] is None else str(row[key]) for key in COLUMNS))
    console.print(table)
    median, p99, samples = (figures[f"pickup{key}"] for key in ("_median_ms", "_p99_ms", "s"))
    console.print(f"From POST to the model, idle: median {median} ms, p99 {p99} ms ({samples} samples)")
    if backlog := figures.get("backlog"):
        each, few = backlog["cpu_ms_per_post"], backlog["cpu_ms_per_post_of_few"]
        console.print(
            f"{backlog['posts']} queued posts: {each} ms of CPU each in {backlog['seconds']} s; "
            f"of 100 posts {few} ms; ratio {backlog['cost_ratio']}"
        )


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m blogsite.benchmarks.generation", description="Throughput trial.")
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--in-flight", type=int, default=200, help="posts written at once (200)")
    parser.add_argument("--posts", type=int, help="posts in all (three times as many)")
    parser.add_argument("--latency", type=float, default=5.0, help="seconds that the model takes for a post (5)")
    parser.add_argument("--pickups", type=int, default=40, help="samples of the pickup (40)")
    parser.add_argument("--queue-depth", type=int, default=10_000, help="posts of the long queue (10000); 0: without")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS), help="which peers (both)")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each database")
    return parser.parse_args()


def main() -> None:
    asked = options()
    posts = asked.posts or 3 * asked.in_flight
    size = Size(asked.in_flight, posts, asked.latency, asked.pickups, asked.queue_depth)
    for database in DATABASES if asked.database == "both" else (asked.database,):
        try:
            figures = measure(database, size, asked.peers)
        except TrialFailed as failure:
            sys.exit(str(failure))
        if asked.json:
            print(json.dumps(figures), flush=True)
        else:
            show(figures, Console())


if __name__ == "__main__":
    main()
