"""Finds the processes of a running deployment that a fault affects, and kills them."""

import random
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, TypeVar

import psutil
from django.db.models import QuerySet

from blogsite.benchmarks.faults.scene import NothingHit, Scene
from generation.models import Generation

Found = TypeVar("Found")
PATIENCE = 8.0  # seconds
CHILDREN_LEAST = 4  # of a sentinel: two processes that write, a monitor, a pusher


def cluster(scene: Scene) -> Any:
    """Return a cluster's processes: main, sentinel, then its children in the order of their creation.

    Raises:
        NothingHit: none was complete within PATIENCE.
    """
    return soon(lambda: complete_cluster(scene))


def writer(scene: Scene) -> Any:
    """Return one of our processes that are writing.

    Raises:
        NothingHit: none was within PATIENCE.
    """
    return soon(lambda: scene.random.choice(holders(scene, Generation.objects.held())))


def soon(find: Callable[[], Found]) -> Found:
    """Return what `find` finds, if not at once: workers may just start, or have nothing to write for a moment."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return find()
        except (NothingHit, IndexError, psutil.NoSuchProcess):
            if time.monotonic() > deadline:
                raise
        time.sleep(0.05)


def complete_cluster(scene: Scene) -> Any:
    alive = [worker for worker in scene.deployment.workers if worker.alive]
    top = psutil.Process(random.choice(alive).pid)
    # By the book there is no supervisor over the main process.
    main = top if scene.deployment.is_by_the_book else top.children()[0]
    sentinel = main.children()[0]
    children: list[psutil.Process] = sentinel.children()
    if len(children) < CHILDREN_LEAST:
        raise NothingHit("no cluster is complete")
    children.sort(key=lambda process: process.pid)
    return [main, sentinel, *children]


def holders(scene: Scene, rows: QuerySet[Generation]) -> Any:
    """Return our processes that write one of `rows`; the process id on an old row may have been reused.

    Raises:
        NothingHit: none does.
    """
    ours = [process for worker in scene.deployment.workers if worker.alive for process in descendants(worker.pid)]
    pids = {int(name.rpartition(":")[2]) for name in rows.exclude(worker="").values_list("worker", flat=True)}
    if found := [process for process in ours if process.pid in pids]:
        return found
    raise NothingHit("nobody is writing")


def descendants(pid: int) -> Any:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def kill(scene: Scene, processes: Iterable[psutil.Process]) -> None:
    """Kill processes; their descendants die with them, sooner or later."""
    victims = list(processes)
    with suppress(psutil.NoSuchProcess):
        scene.note_deaths({process.pid for victim in victims for process in (victim, *victim.children(recursive=True))})
    for victim in victims:
        with suppress(psutil.NoSuchProcess):
            victim.kill()
