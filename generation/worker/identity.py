"""Names of worker processes, by which this host knows which of those that hold generations live."""

import os
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from generation.models import Generation
from generation.processes.liveness import is_running, start_of
from generation.queue.losses import Loss, release

NAME_MAX = 40  # characters; with the rest it has to fit into Generation.worker


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
    """Return this process's name as it is kept on the generations that it leases: `host:start:pid`.

    Ids of processes are used again: when a process started tells whether it is still the same one.
    """
    pid = os.getpid()
    return f"{host()}:{start_of(pid) or 0}:{pid}"


@dataclass(frozen=True)
class Holder:
    """A process of this host, by the name on the generations that it holds."""

    name: str

    @property
    def pid(self) -> int:
        return int(self.name.rpartition(":")[2])

    @property
    def start(self) -> int | None:
        """When it started, see `start_of`; None if its name does not say."""
        *_, start, _ = self.name.split(":")
        return int(start) or None if start.isdecimal() else None

    @property
    def is_running(self) -> bool:
        return is_running(self.pid, self.start)

    def kill(self) -> bool:
        """Kill it; return False if it cannot be known to be this very process, or is not ours to kill."""
        if self.start is None or not self.is_running:
            return False
        try:
            os.kill(self.pid, signal.SIGKILL)
        except PermissionError:
            return False
        except ProcessLookupError:
            pass  # it ended by itself just now
        return True


def holders() -> list[Holder]:
    """Return the processes of this host that hold generations, whether their leases have expired or not."""
    names = Generation.objects.on(host()).order_by().values_list("worker", flat=True).distinct()
    return [Holder(name) for name in names]


def release_the_dead(loss: Loss = Loss.DIED) -> list[str]:
    """Queue again what dead processes of this host were writing, and return the names of these processes."""
    dead = [holder.name for holder in holders() if not holder.is_running]
    if dead:
        release(Generation.objects.of_worker(*dead), loss)
    return dead


def silent_holders() -> list[Holder]:
    """Return the living processes of this host all of whose leases have expired."""
    awake = set(Generation.objects.held().order_by().values_list("worker", flat=True).distinct())
    return [holder for holder in holders() if holder.name not in awake and holder.is_running]
