"""How fast posts are taken, against peers, and how reads fare while 200 posts are being written.

    python -m blogsite.benchmarks.creates [--database sqlite|postgresql|both] [--rows 100000] [--json]

Each server is one granian process on the machine's first core; the load (wrk, 8 connections), PostgreSQL, the worker,
the model server and this program keep to the last one. All are asked in turns, and the figures are medians over the
rounds' ratios. Throttles are off. The peers and what they leave out are described in `peers/`.

`create_vs_fastapi`: POSTs answered with 201 a second, over those of FastAPI and SQLAlchemy as they come; on SQLite
`..._same_pragmas` gives that peer the product's journal, syncing and locking. `create_vs_no_enqueue_cpu`: processor
time of the server for the same POST without the generation and its task, over ours. Then a worker (2 processes of 100
posts) writes what was asked for, each post in 5 s of the model's: `get_p99_under_generation_vs_idle` is the 99th
percentile of GETs of single posts meanwhile, at 8 connections with 20 ms between two requests, over that before and
after. POSTs go on meanwhile too. `locked_errors` counts the log lines of web server and worker, from start to end,
that tell of a locked database or a deadlock; `failed`: POSTs of ours that were refused or not answered.
"""

import json
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from blogsite.benchmarks.harness.deployment import ModelServerProcess, environment, scratch_database, use_database
from blogsite.benchmarks.harness.http_load import (
    Load,
    LoadFailed,
    Series,
    Shot,
    cpu_ratio,
    fire,
    interleave,
    rate_ratio,
)
from blogsite.benchmarks.harness.postgres import PostgresServer
from blogsite.benchmarks.peers.command import absolute, options, run
from blogsite.benchmarks.peers.rows import another_database, fill
from blogsite.benchmarks.peers.servers import ASGI, Fleet
from generation.processes.child import ChildProcess

TARGETS = {
    "create_vs_fastapi": ">= 6",
    "create_vs_fastapi_same_pragmas": "",
    "create_vs_no_enqueue_cpu": ">= 0.75",
    "locked_errors": "0",
    "get_p99_under_generation_vs_idle": "<= 2",
}
FASTAPI = "blogsite.benchmarks.peers.fastapi_app:app"
BODY = json.dumps({"title": "Bread for the village", "content": "flour and water; patience; a hot oven; sharing"})
IN_FLIGHT = {"GENERATION_WORKERS": "2", "GENERATION_CONCURRENCY": "100"}
CALL = 2.5  # seconds of the model for each of the two calls that a post takes
PAUSE = 20  # ms
FULL = 180  # posts in flight
SETTLED_WITHIN = 30.0  # seconds
TROUBLE = ("database is locked", "deadlock detected")


def bearer() -> str:
    """Return the Authorization header's value for the trial's user, whom all servers know by the same id."""
    from accounts.models import User
    from accounts.tokens import token_pair

    return f"Bearer {token_pair(User.objects.get())['access_token']}"


def shots(
    ours: tuple[int, str], peers: Fleet, url: str, scratch: Path, server: PostgresServer | None
) -> dict[str, Shot]:
    """Start the peers, FastAPI each time with a database of its own, and return what to ask of whom."""
    headers = {"Authorization": bearer(), "Content-Type": "application/json"}
    served = {"create": ours, "no_enqueue": peers.serve_django("no_enqueue_settings", url)}
    served["fastapi"] = peers.serve(FASTAPI, another_database(scratch, server, "peer"), ASGI)
    if server is None:
        tuned = another_database(scratch, server, "tuned")
        served["fastapi_same_pragmas"] = peers.serve(FASTAPI, tuned, ASGI, PEER_PRAGMAS="1")
    return {
        name: Shot(*address, "/api/v1/blogs", method="POST", body=BODY, headers=headers)
        for name, address in served.items()
    }


def ratios(series: Series) -> dict[str, Any]:
    create, tuned = series["create"], series.get("fastapi_same_pragmas")
    return {
        "create_vs_fastapi": rate_ratio(create, series["fastapi"]),
        "create_vs_fastapi_same_pragmas": rate_ratio(create, tuned) if tuned else None,
        "create_vs_no_enqueue_cpu": cpu_ratio(create, series["no_enqueue"]),
    }


def reads_under_generation(fleet: Fleet, url: str, get: Shot, post: Shot, rounds: int, seconds: int) -> dict[str, Any]:
    """Measure GETs before, while and after a worker writes the posts that wait, with POSTs between the GETs."""
    idle, busy, posted = [fire(get, seconds) for _ in range(rounds)], [], []
    model = ModelServerProcess(CALL)
    fleet.stack.callback(model.process.end, 1)
    env = environment(url, IN_FLIGHT) | {"OPENAI_BASE_URL": model.url}
    worker = fleet.start([sys.executable, "manage.py", "worker"], env)
    most = wait_until_writing(worker)
    for _ in range(rounds):
        busy.append(fire(get, seconds))
        posted.append(fire(post, 1))
        most = max(most, writing())
    worker.end(10)
    idle += [fire(get, seconds) for _ in range(rounds)]
    return {
        "get_p99_under_generation_vs_idle": round(p99(busy) / p99(idle), 3),
        "get_p99_ms": {"idle": round(p99(idle), 2), "under_generation": round(p99(busy), 2)},
        "in_flight": most,
        "failed": sum(load.refused + load.broken for load in [*posted, *busy, *idle]),
    }


def p99(loads: list[Load]) -> float:
    return median(load.p99_ms for load in loads)


def writing() -> int:
    """Return how many posts are being written; looks once a second, for it costs the worker's core something."""
    from blogs.models import BlogPost, Status

    time.sleep(1)
    return BlogPost.objects.filter(status=Status.IN_PROGRESS).count()


def waiting() -> bool:
    from blogs.models import BlogPost, Status

    return BlogPost.objects.filter(status=Status.PENDING).exists()


def wait_until_writing(worker: ChildProcess) -> int:
    """Return how many posts are being written as soon as that is 200, give or take those that change hands.

    Where no more wait, or the worker cannot keep up, it is what there is.

    Raises:
        LoadFailed: the worker ended.
    """
    deadline = time.monotonic() + SETTLED_WITHIN
    while (now := writing()) < FULL and waiting() and time.monotonic() < deadline:
        if not worker.alive:
            raise LoadFailed("\n  ".join(["The worker ended:", *worker.last_lines]))
    return now


def measure(database: str, rows: int, rounds: int, seconds: int) -> dict[str, Any]:
    """Return the figures of one database.

    Args:
        rounds: how often everything is asked.
        seconds: how long each time.
    """
    with ExitStack() as stack:
        scratch, url, server = stack.enter_context(scratch_database(database))
        ours = stack.enter_context(Fleet(scratch / "ours.log"))
        peers = stack.enter_context(Fleet(scratch / "peers.log"))
        use_database(url, {})
        fill(rows)
        load = os.getloadavg()[0]
        address = ours.serve_django("", url)
        asked = shots(address, peers, url, scratch, server)
        series = interleave(asked, rounds, seconds)
        get = Shot(*address, "/api/v1/blogs/%d", rows, pause=PAUSE)
        under_generation = reads_under_generation(ours, url, get, asked["create"], rounds, seconds)
        said = ours.log_path.read_text(encoding="utf-8")
    figures = {"database": database, "rows": rows, **ratios(series), "locked_errors": trouble_in(said)}
    figures |= absolute(series) | under_generation | {"load_average": round(load, 2)}
    figures["failed"] += sum(load.refused + load.broken for load in series["create"])
    return figures


def trouble_in(log: str) -> int:
    return sum(any(words in line for words in TROUBLE) for line in log.splitlines())


if __name__ == "__main__":
    run(options("creates", "How fast posts are taken, and reads meanwhile."), measure, TARGETS)
