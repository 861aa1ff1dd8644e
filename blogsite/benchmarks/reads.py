"""How fast posts are read, compared with constant bytes from the same server, DRF by the book, FastAPI and SQLAlchemy.

    python -m blogsite.benchmarks.reads [--database sqlite|postgresql|both] [--rows 100000] [--json]

Each server is one granian process on the machine's first core; the load (wrk, 8 connections), PostgreSQL and this
program use the last one. The servers take turns, so that the machine's other load affects all of them, and the results
are medians of the rounds' ratios. Posts have 3 KB; single ones are picked at random. Throttles are off. The peers and
what they leave out are described in `peers/`. `--rows 1000000 --database postgresql` shows what a deep page costs; it
needs about 5 GB of disk and some minutes.

`get_one_vs_fastapi`, `get_one_vs_by_the_book`, `list_vs_fastapi`, `not_modified_vs_get_one`: requests a second divided
by the other's. `get_one_vs_constant_cpu`: the server's CPU time for a view with constant bytes behind our middleware,
divided by that for a post; `..._bare_constant_cpu`: the same without any middleware. `list_large_vs_small`: lists of 20
a second among all rows, divided by those among 1,000. `deep_vs_first`: time for the last page divided by the first's.
"""

import json
import os
from contextlib import ExitStack
from typing import Any

from blogsite.benchmarks.harness.deployment import scratch_database
from blogsite.benchmarks.harness.http_load import (
    Endpoint,
    LoadFailed,
    Series,
    cpu_ratio,
    interleave,
    rate_ratio,
    request_once,
)
from blogsite.benchmarks.peers.command import absolute, parse_options, run
from blogsite.benchmarks.peers.rows import another_database, fill_database
from blogsite.benchmarks.peers.servers import ASGI, Fleet

SMALL = 1000  # posts
ONE, LIST = "/api/v1/blogs/%d", "/api/v1/blogs"
PAGE = 20
TARGETS = {
    "get_one_vs_fastapi": ">= 2",
    "get_one_vs_constant_cpu": ">= 0.35",
    "get_one_vs_bare_constant_cpu": "",
    "get_one_vs_by_the_book": "",
    "list_vs_fastapi": "",
    "list_large_vs_small": ">= 0.9",
    "deep_vs_first": "<= 1.3",
    "not_modified_vs_get_one": ">= 1.3",
}


def start_servers(fleet: Fleet, small: str, large: str, rows: int) -> dict[str, Endpoint]:
    """Start the servers and return the endpoints to measure.

    Args:
        small: URL of the database with 1,000 posts.
        large: URL of the one with all `rows`.
    """
    ours = fleet.serve_django("", large)
    peer = fleet.serve("blogsite.benchmarks.peers.fastapi_app:app", large, ASGI)
    tag = {"If-None-Match": '"1-1"'}
    return {
        "one": Endpoint(*ours, ONE, rows),
        "not_modified": Endpoint(*ours, ONE, rows, headers=tag),
        "first": Endpoint(*ours, LIST),
        "deep": Endpoint(*ours, f"{LIST}?after={PAGE + 1}"),
        "first_of_small": Endpoint(*fleet.serve_django("", small), LIST),
        "fastapi_one": Endpoint(*peer, ONE, rows),
        "fastapi_first": Endpoint(*peer, LIST),
        "by_the_book_one": Endpoint(*fleet.serve_django("drf_settings", large), f"{ONE}/", rows),
        "constant": Endpoint(*fleet.serve_django("constant_settings", large), ONE, rows),
        "bare": Endpoint(*fleet.serve_django("bare_settings", large), ONE, rows),
    }


def check(endpoints: dict[str, Endpoint]) -> None:
    """Check that all servers return the same post and pages of the same size, and that a known post gets a 304.

    Raises:
        LoadFailed: they do not.
    """
    status = request_once(endpoints["not_modified"])[0]
    bodies = {name: json.loads(request_once(endpoint)[1] or "null") for name, endpoint in endpoints.items()}
    posts = [bodies[name].get("blog", bodies[name])["content"] for name in ("one", "fastapi_one", "by_the_book_one")]
    pages = [bodies[name]["blogs"] for name in ("first", "deep", "first_of_small", "fastapi_first")]
    if len(set(posts)) != 1 or {len(page) for page in pages} != {PAGE} or status != 304:
        raise LoadFailed("The servers return different answers, so their speed says nothing.")


def ratios(series: Series) -> dict[str, float]:
    one = series["one"]
    return {
        "get_one_vs_fastapi": rate_ratio(one, series["fastapi_one"]),
        "get_one_vs_constant_cpu": cpu_ratio(one, series["constant"]),
        "get_one_vs_bare_constant_cpu": cpu_ratio(one, series["bare"]),
        "get_one_vs_by_the_book": rate_ratio(one, series["by_the_book_one"]),
        "list_vs_fastapi": rate_ratio(series["first"], series["fastapi_first"]),
        "list_large_vs_small": rate_ratio(series["first"], series["first_of_small"]),
        "deep_vs_first": rate_ratio(series["first"], series["deep"]),
        "not_modified_vs_get_one": rate_ratio(series["not_modified"], one),
    }


def measure(database: str, rows: int, rounds: int, seconds: int) -> dict[str, Any]:
    """Return the results on one database.

    Args:
        rounds: how often every endpoint is measured.
        seconds: how long each time.
    """
    with ExitStack() as stack:
        scratch, large, server = stack.enter_context(scratch_database(database))
        fleet = stack.enter_context(Fleet(scratch / "log"))
        small = another_database(scratch, server, "small")
        fill_database(large, rows)
        fill_database(small, SMALL)
        endpoints = start_servers(fleet, small, large, rows)
        check(endpoints)
        load = os.getloadavg()[0]
        series = interleave(endpoints, rounds, seconds)
    return {"database": database, "rows": rows, **ratios(series), **absolute(series), "load_average": round(load, 2)}


if __name__ == "__main__":
    run(parse_options("reads", "How fast posts are read."), measure, TARGETS)
