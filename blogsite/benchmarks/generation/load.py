"""Posts to write, and one measured run; the same for all forms."""

import os
import time
from collections.abc import Callable
from typing import Any

from django.db import transaction

from accounts.models import User
from blogs.models import BlogPost, Status
from blogsite.benchmarks.generation.size import LONGEST, MARGIN, Size
from blogsite.benchmarks.harness.deployment import Deployment
from blogsite.benchmarks.harness.resource_usage import Peaks, cpu_seconds

TITLE = "Bread for the whole village"
BRIEF = "flour and water; patience and a warm kitchen; a hot oven; sharing the loaves with neighbours"
UNFINISHED = (Status.PENDING, Status.IN_PROGRESS)
POLL = 0.05  # seconds


def owner() -> User:
    return User.objects.get_or_create(email="load@example.com")[0]


def submit(count: int) -> None:
    """Request posts as the product does, all in one transaction: each a row, a signal and a wake-up."""
    author = owner()
    with transaction.atomic():
        for _ in range(count):
            BlogPost(owner=author, title=TITLE, brief=BRIEF).submit(requested_by=author)


def run(
    deployment: Deployment, worker: int, port: int | None, size: Size, request: Callable[[int], None] = submit
) -> dict[str, Any]:
    """Have `size.posts` posts written and return the results.

    The time is from the first request at the model until the last post is completed. `share_of_ideal` is the time that
    the finished posts would take with `size.in_flight` always in flight and only the model's `size.latency` for each,
    divided by that time. Memory and connections are the highest samples.

    Args:
        worker: process id of the worker.
        port: the PostgreSQL server's, or None.
        request: requests a number of posts in one transaction.
    """
    load = os.getloadavg()[0]
    peaks, cpu, finished_before = Peaks(worker, port), cpu_seconds(worker), completed()
    request(size.posts)
    wait_until_finished(LONGEST * size.ideal + MARGIN, peaks)
    ended = time.time()
    cpu = cpu_seconds(worker) - cpu
    calls = deployment.model.calls()
    seconds = ended - min((call["arrived"] for call in calls), default=ended - 1)
    finished = completed() - finished_before
    return {
        "finished": finished,
        "seconds": round(seconds, 2),
        "share_of_ideal": round(finished / size.in_flight * size.latency / seconds, 3),
        "posts_per_min": round(finished / seconds * 60),
        "pss_mb": round(peaks.pss_mb),
        "connections": peaks.connections,
        "cpu_ms_per_post": round(cpu / max(finished, 1) * 1000, 1),
        "calls_per_post": round(len(calls) / max(finished, 1), 2),
        "load_average": round(load, 2),
    }


def completed() -> int:
    return BlogPost.objects.filter(status=Status.COMPLETED).count()


def wait_until_finished(within: float, peaks: Peaks | None = None) -> None:
    """Return when no post is pending or in progress, or after `within` seconds."""
    deadline = time.monotonic() + within
    while BlogPost.objects.filter(status__in=UNFINISHED).exists() and time.monotonic() < deadline:
        if peaks:
            peaks.sample()
        time.sleep(POLL)
