"""What faults may use: a running deployment, its people, and the records for the audit."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from blogsite.benchmarks.faults.people import Memory, Person
from blogsite.benchmarks.harness.clock import Clock
from blogsite.benchmarks.harness.deployment import Deployment, Host
from blogsite.benchmarks.harness.postgres import PostgresServer
from blogsite.benchmarks.harness.relay import Relay


@dataclass
class Scene:
    """A deployment that faults happen to.

    Args:
        relay: between the last worker and the database, if that worker counts as on another host.
        disk: of the database, if it is one that can be filled.
        clocks: of `web`, and of the `elsewhere` of the last worker; SQLite's host has one, `here`.
        lease: seconds; whatever waits for the end of a lease gets a multiple of it.
        capacity: posts that all workers write at once.
    """

    deployment: Deployment
    postgres: PostgresServer | None
    relay: Relay | None
    disk: Path | None
    clocks: Mapping[str, Clock]
    random: random.Random
    lease: float
    capacity: int
    memory: Memory = field(default_factory=Memory)
    people: list[Person] = field(default_factory=list)
    deaths: list[tuple[float, set[int]]] = field(default_factory=list)
    calls: list[dict[str, object]] = field(default_factory=list)
    outages: list[tuple[float, float]] = field(default_factory=list)

    @property
    def elsewhere(self) -> Host | None:
        """The host of the last worker, if it has one of its own."""
        if self.postgres is None or self.relay is None:
            return None
        url = self.postgres.url.replace(f":{self.postgres.port}/", f":{self.relay.port}/")
        clock = self.clocks.get("elsewhere")
        return Host("elsewhere", url, clock.environment if clock else {})

    def note_deaths(self, pids: set[int]) -> None:
        """Record that these processes died now: their calls in flight may be paid again."""
        self.deaths.append((time.time(), pids))

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Note that nobody can recover meanwhile: the database takes no writes, or all processes are stopped."""
        begin = time.time()
        try:
            yield
        finally:
            self.outages.append((begin, time.time()))

    def keep_calls(self) -> None:
        """Copy the calls that the model server has received, before they are lost with it."""
        with suppress(OSError):
            self.calls += self.deployment.model.calls()


class NothingHit(Exception):
    """There is nothing that the fault could happen to at the moment."""


Fault = Callable[[Scene], None]
