"""Finds the processes of a running deployment that a fault affects, and kills them."""

import random
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import psutil
from django.db.models import QuerySet

from blogsite.benchmarks.faults.scene import NothingHit, Scene
from generation.models import Generation


def cluster(scene: Scene) -> Any:
    """Return a cluster's processes: main, sentinel, then its children in the order of their creation."""
    alive = [worker for worker in scene.deployment.workers if worker.alive]
    top = psutil.Process(random.choice(alive).pid)
    # By the book there is no supervisor over the main process.
    main = top.children()[0] if scene.deployment.worker_command == "worker" else top
    sentinel = main.children()[0]
    children: list[psutil.Process] = sentinel.children()
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
