"""Names of worker processes, by which the leases of those that died on this host are ended at once."""

import os
import socket
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.db.models.functions import Now

from generation.models import Generation
from generation.processes.child import is_running

NAME_MAX = 40  # characters; with the rest and a process id it has to fit into Generation.worker


@cache
def host() -> str:
    """Return a name of this host and of its process namespace.

    Containers may share the one without the other, and machines made from one image share both: what tells these
    apart is when they were started.
    """
    namespace = start = ""
    with suppress(OSError):
        namespace = str(Path("/proc/self/ns/pid").readlink()).strip("pid:[]")
        start = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
    return f"{socket.gethostname()[:NAME_MAX]}/{namespace}.{start}"


def worker_name() -> str:
    """Return this process's name as it is kept on the generations that it leases."""
    return f"{host()}:{os.getpid()}"


def end_leases_of_the_dead() -> list[str]:
    """End the leases that dead processes of this host hold, and return the names of these processes."""
    held = Generation.objects.held().filter(worker__startswith=f"{host()}:")
    names = set(held.order_by().values_list("worker", flat=True))
    dead = [name for name in names if not is_running(int(name.rpartition(":")[2]))]
    if dead:
        held.filter(worker__in=dead).update(lease_until=Now())
    return dead
