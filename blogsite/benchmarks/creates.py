"""How fast posts are created, compared with peers, and how fast reads are while 200 posts are in progress.

    python -m blogsite.benchmarks.creates [--database sqlite|postgresql|both] [--rows 100000] [--json]

Each server is one granian process on the machine's first core; the load (wrk, 8 connections), PostgreSQL, the worker,
the model server and this program use the last one. The servers take turns, and the results are medians of the rounds'
ratios. Throttles are off. The peers and what they leave out are described in `peers/`.

`create_vs_fastapi`: POSTs a second with a 201, divided by those of FastAPI and SQLAlchemy with their defaults; on
SQLite `..._same_pragmas` gives that peer the product's journal, syncing and locking. `create_vs_no_enqueue_cpu`: CPU
time of the server for the same POST without the generation and its task, divided by ours. `create_vs_no_budgets`:
POSTs a second, divided by those of the same service that reserves nothing; `..._16` with 16 connections. Then a worker
(2 processes of 100 posts) writes the posts, each with 5 s of the model: `get_p99_under_generation_vs_idle` is the 99th
percentile of GETs of single posts meanwhile, at 8 connections with 20 ms between two requests, divided by that before
and after. POSTs continue meanwhile. `locked_errors` counts the log lines of web server and worker, from start to end,
about a locked database or a deadlock; `failed`: POSTs of ours that got an error or no answer.
"""

import json
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from blogsite.benchmarks.harness.deployment import ModelServerProcess, environment, scratch_database, use_database
from blogsite.benchmarks.harness.http_load import (
    Endpoint,
    Load,
    LoadFailed,
    Series,
    cpu_ratio,
    interleave,
    put_load_on,
    rate_ratio,
)
from blogsite.benchmarks.harness.postgres import PostgresServer
from blogsite.benchmarks.peers.command import absolute, parse_options, run
from blogsite.benchmarks.peers.rows import another_database, fill
from blogsite.benchmarks.peers.servers import ASGI, Fleet
from generation.processes.child import ChildProcess

TARGETS = {
    "create_vs_fastapi": ">= 6",
    "create_vs_fastapi_same_pragmas": "",
    "create_vs_no_enqueue_cpu": ">= 0.75",
    "create_vs_no_budgets": ">= 0.9",
    "create_vs_no_budgets_16": ">= 0.9",
    "locked_errors": "0",
    "get_p99_under_generation_vs_idle": "<= 2",
}
FASTAPI = "blogsite.benchmarks.peers.fastapi_app:app"
BODY = json.dumps({"title": "Bread for the village", "content": "flour and water; patience; a hot oven; sharing"})
# Of a user and of the site, a day and a month: each request changes all rows that it can, and none is refused.
BUDGETS = {f"BUDGET_{who}_{period}": "1000000" for who in ("USER", "SITE") for period in ("DAY", "MONTH")}
BUDGETS["POSTS_USER_DAY"] = "1000000"
MANY = 16  # connections
IN_FLIGHT = {"GENERATION_WORKERS": "2", "GENERATION_CONCURRENCY": "100"}
CALL = 2.5  # seconds of the model for each of a post's two calls
PAUSE = 20  # ms
FULL = 180  # posts in progress
SETTLED_WITHIN = 30.0  # seconds
LOCK_ERRORS = ("database is locked", "deadlock detected")


def bearer() -> str:
    """Return the Authorization header's value for the benchmark's user, who has the same id on all servers."""
    from accounts.models import User
    from accounts.tokens import token_pair

    return f"Bearer {token_pair(User.objects.get())['access_token']}"


def start_peers(
    ours: tuple[int, str], peers: Fleet, url: str, scratch: Path, server: PostgresServer | None
) -> dict[str, Endpoint]:
    """Start the peers, each FastAPI with a database of its own, and return all endpoints to measure."""
    headers = {"Authorization": bearer(), "Content-Type": "application/json"}
    served = {"create": ours, "no_enqueue": peers.serve_django("no_enqueue_settings", url)}
    served["no_budgets"] = peers.serve_django("no_budgets_settings", url, **BUDGETS)
    served["fastapi"] = peers.serve(FASTAPI, another_database(scratch, server, "peer"), ASGI)
    if server is None:
        tuned = another_database(scratch, server, "tuned")
        served["fastapi_same_pragmas"] = peers.serve(FASTAPI, tuned, ASGI, PEER_PRAGMAS="1")
    endpoints = {
        name: Endpoint(*address, "/api/v1/blogs", method="POST", body=BODY, headers=headers)
        for name, address in served.items()
    }
    for name in ("create", "no_budgets"):
        endpoints[f"{name}_{MANY}"] = replace(endpoints[name], connections=MANY)
    return endpoints


def ratios(series: Series) -> dict[str, Any]:
    create, tuned = series["create"], series.get("fastapi_same_pragmas")
    return {
        "create_vs_fastapi": rate_ratio(create, series["fastapi"]),
        "create_vs_fastapi_same_pragmas": rate_ratio(create, tuned) if tuned else None,
        "create_vs_no_enqueue_cpu": cpu_ratio(create, series["no_enqueue"]),
        "create_vs_no_budgets": rate_ratio(create, series["no_budgets"]),
        f"create_vs_no_budgets_{MANY}": rate_ratio(series[f"create_{MANY}"], series[f"no_budgets_{MANY}"]),
    }


def reads_under_generation(
    fleet: Fleet, url: str, get: Endpoint, post: Endpoint, rounds: int, seconds: int
) -> dict[str, Any]:
    """Measure GETs before, while and after a worker writes the queued posts, with POSTs between the GETs."""
    idle, busy, posted = [put_load_on(get, seconds) for _ in range(rounds)], [], []
    model = ModelServerProcess(CALL)
    fleet.stack.callback(model.process.end, 1)
    env = environment(url, IN_FLIGHT) | {"OPENAI_BASE_URL": model.url}
    worker = fleet.start([sys.executable, "manage.py", "worker"], env)
    peak = wait_until_full(worker)
    for _ in range(rounds):
        busy.append(put_load_on(get, seconds))
        posted.append(put_load_on(post, 1))
        peak = max(peak, in_progress())
    worker.end(10)
    idle += [put_load_on(get, seconds) for _ in range(rounds)]
    return {
        "get_p99_under_generation_vs_idle": round(p99(busy) / p99(idle), 3),
        "get_p99_ms": {"idle": round(p99(idle), 2), "under_generation": round(p99(busy), 2)},
        "in_flight": peak,
        "failed": sum(load.refused + load.broken for load in [*posted, *busy, *idle]),
    }


def p99(loads: list[Load]) -> float:
    return median(load.p99_ms for load in loads)


def in_progress() -> int:
    """Return how many posts are in progress, after a second: counting takes some of the worker's core."""
    from blogs.models import BlogPost, Status

    time.sleep(1)
    return BlogPost.objects.filter(status=Status.IN_PROGRESS).count()


def is_any_pending() -> bool:
    from blogs.models import BlogPost, Status

    return BlogPost.objects.filter(status=Status.PENDING).exists()


def wait_until_full(worker: ChildProcess) -> int:
    """Return how many posts are in progress once they are about 200, none is pending, or the time is up.

    Raises:
        LoadFailed: the worker exited.
    """
    deadline = time.monotonic() + SETTLED_WITHIN
    while (now := in_progress()) < FULL and is_any_pending() and time.monotonic() < deadline:
        if not worker.alive:
            raise LoadFailed("\n  ".join(["The worker exited:", *worker.last_lines]))
    return now


def measure(database: str, rows: int, rounds: int, seconds: int) -> dict[str, Any]:
    """Return the results on one database.

    Args:
        rounds: how often every endpoint is measured.
        seconds: how long each time.
    """
    with ExitStack() as stack:
        scratch, url, server = stack.enter_context(scratch_database(database))
        ours = stack.enter_context(Fleet(scratch / "ours.log"))
        peers = stack.enter_context(Fleet(scratch / "peers.log"))
        use_database(url, {})
        fill(rows)
        load = os.getloadavg()[0]
        address = ours.serve_django("", url, **BUDGETS)
        endpoints = start_peers(address, peers, url, scratch, server)
        series = interleave(endpoints, rounds, seconds)
        get = Endpoint(*address, "/api/v1/blogs/%d", rows, pause=PAUSE)
        under_generation = reads_under_generation(ours, url, get, endpoints["create"], rounds, seconds)
        log = ours.log_path.read_text(encoding="utf-8")
    results = {"database": database, "rows": rows, **ratios(series), "locked_errors": lock_errors(log)}
    results |= absolute(series) | under_generation | {"load_average": round(load, 2)}
    results["failed"] += sum(load.refused + load.broken for load in series["create"])
    return results


def lock_errors(log: str) -> int:
    return sum(any(words in line for words in LOCK_ERRORS) for line in log.splitlines())


if __name__ == "__main__":
    run(parse_options("creates", "How fast posts are created, and read meanwhile."), measure, TARGETS)
