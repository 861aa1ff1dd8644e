"""How fast posts are read, against peers: the same server with constant bytes, DRF by the book, FastAPI and SQLAlchemy.

    python -m blogsite.benchmarks.reads [--database sqlite|postgresql|both] [--rows 100000] [--json]

Each server is one granian process on the machine's first core; the load (wrk, 8 connections), PostgreSQL and this
program keep to the last one. All are asked in turns, so that the machine's other load hits all of them, and the figures
are medians over the rounds' ratios. Posts have 3 KB; single ones are picked at random. Throttles are off. The peers and
what they leave out are described in `peers/`. `--rows 1000000 --database postgresql` shows what a deep page costs; it
takes about 5 GB of disk and some minutes.

`get_one_vs_fastapi`, `get_one_vs_by_the_book`, `list_vs_fastapi`, `not_modified_vs_get_one`: requests a second over the
other's. `get_one_vs_constant_cpu`: what a view with constant bytes behind our own middleware costs of the server's
processor time, over what a post costs; `..._bare_constant_cpu`: the same without any middleware. `list_large_vs_small`:
lists of 20 a second among all rows over those among 1,000. `deep_vs_first`: time for the last page over the first's.
"""

import json
import os
from contextlib import ExitStack
from typing import Any

from blogsite.benchmarks.harness.deployment import scratch_database
from blogsite.benchmarks.harness.http_load import LoadFailed, Series, Shot, cpu_ratio, interleave, look, rate_ratio
from blogsite.benchmarks.peers.command import absolute, options, run
from blogsite.benchmarks.peers.rows import another_database, fill_apart
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


def shots(fleet: Fleet, small: str, large: str, rows: int) -> dict[str, Shot]:
    """Start the servers and return what to ask of them.

    Args:
        small: URL of the database with 1,000 posts.
        large: URL of the one with all `rows`.
    """
    ours = fleet.serve_django("", large)
    peer = fleet.serve("blogsite.benchmarks.peers.fastapi_app:app", large, ASGI)
    tag = {"If-None-Match": '"1-1"'}
    return {
        "one": Shot(*ours, ONE, rows),
        "not_modified": Shot(*ours, ONE, rows, headers=tag),
        "first": Shot(*ours, LIST),
        "deep": Shot(*ours, f"{LIST}?after={PAGE + 1}"),
        "first_of_small": Shot(*fleet.serve_django("", small), LIST),
        "fastapi_one": Shot(*peer, ONE, rows),
        "fastapi_first": Shot(*peer, LIST),
        "by_the_book_one": Shot(*fleet.serve_django("drf_settings", large), f"{ONE}/", rows),
        "constant": Shot(*fleet.serve_django("constant_settings", large), ONE, rows),
        "bare": Shot(*fleet.serve_django("bare_settings", large), ONE, rows),
    }


def check(asked: dict[str, Shot]) -> None:
    """Make sure that all give the same post and pages, and that a known one is not given again.

    Raises:
        LoadFailed: they do not.
    """
    texts = {name: json.loads(look(asked[name])[1]) for name in ("one", "fastapi_one", "by_the_book_one")}
    posts = [body.get("blog", body)["content"] for body in texts.values()]
    pages = [json.loads(look(asked[name])[1])["blogs"] for name in ("first", "deep", "first_of_small", "fastapi_first")]
    if len(set(posts)) != 1 or {len(page) for page in pages} != {PAGE} or look(asked["not_modified"])[0] != 304:
        raise LoadFailed("The servers do not give the same answers, so their speed says nothing.")


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
    """Return the figures of one database.

    Args:
        rounds: how often everything is asked.
        seconds: how long each time.
    """
    with ExitStack() as stack:
        scratch, large, server = stack.enter_context(scratch_database(database))
        fleet = stack.enter_context(Fleet(scratch / "log"))
        small = another_database(scratch, server, "small")
        fill_apart(large, rows)
        fill_apart(small, SMALL)
        asked = shots(fleet, small, large, rows)
        check(asked)
        load = os.getloadavg()[0]
        series = interleave(asked, rounds, seconds)
    return {"database": database, "rows": rows, **ratios(series), **absolute(series), "load_average": round(load, 2)}


if __name__ == "__main__":
    run(options("reads", "How fast posts are read."), measure, TARGETS)
