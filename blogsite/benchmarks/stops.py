"""Stopping under load: `python -m blogsite.benchmarks.stops [--database D] [--times N] [--json]`.

SIGTERM alternately to a worker's main process and to all its processes at once, while posts are in progress: how long
the stop takes, and how many processes, leases and attempts it leaves.
"""

import argparse
import json
import os
import signal
import sys
import time
from statistics import median
from typing import Any

from blogsite.benchmarks.harness.deployment import Deployment, scratch_database, use_database, wait_for

GRACE = 2.0  # seconds
CALL = 30.0  # seconds of a call: longer than the grace period, so that every post is handed back
POSTS = 10
SETTINGS = {"GENERATION_WORKERS": "2", "GENERATION_CONCURRENCY": "5", "GENERATION_GRACE": str(GRACE)}


def stop_once(deployment: Deployment, *, whole_group: bool) -> dict[str, float]:
    """Start a worker, wait until it writes all posts, stop it, and count what it leaves."""
    from generation.models import Generation, State
    from generation.processes.child import session_members

    worker = deployment.start_worker()
    writing = Generation.objects.filter(status=State.IN_PROGRESS)
    wait_for(lambda: writing.count() == POSTS, "all posts")
    sessions = [worker.pid, *(pid for pid in children(worker.pid))]
    processes = {pid for session in sessions for pid in session_members(session)}
    started = time.monotonic()
    for pid in processes if whole_group else {worker.pid}:
        os.kill(pid, signal.SIGTERM)
    wait_for(lambda: not worker.alive, "the end")
    seconds = time.monotonic() - started
    deployment.workers.remove(worker)
    return {
        "seconds": seconds,
        "processes": sum(len(session_members(session)) for session in sessions),
        "leases": writing.count(),
        "attempts": sum(Generation.objects.values_list("attempts", flat=True)),
    }


def children(pid: int) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(pid).children()]


def run(database: str, times: int) -> dict[str, Any]:
    with scratch_database(database) as (scratch, url, _):
        use_database(url, SETTINGS)
        from accounts.models import User
        from blogs.models import BlogPost

        owner = User.objects.create_user("owner@example.com")
        for number in range(POSTS):
            BlogPost(owner=owner, title=f"Bread {number}").submit(requested_by=owner)
        with Deployment(url, scratch / "log", SETTINGS, CALL) as deployment:
            stops = [stop_once(deployment, whole_group=number % 2 == 1) for number in range(times)]
    seconds = [stop["seconds"] for stop in stops]
    return {
        "database": database,
        "stops": times,
        "grace_s": GRACE,
        "seconds_median": round(median(seconds), 2),
        "seconds_max": round(max(seconds), 2),
        **{f"{name}_left": sum(int(stop[name]) for stop in stops) for name in ("processes", "leases", "attempts")},
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m blogsite.benchmarks.stops", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--json", action="store_true", help="print the results as one line")
    options = parser.parse_args(arguments)
    results = run(options.database, options.times)
    print(json.dumps(results) if options.json else "\n".join(f"{k:<18}{v:>10}" for k, v in results.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
