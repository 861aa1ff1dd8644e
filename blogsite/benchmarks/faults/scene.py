"""What faults may use: a running deployment, its people, and the records for the audit."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from blogsite.benchmarks.faults.people import Memory, Person
from blogsite.benchmarks.harness.deployment import Deployment
from blogsite.benchmarks.harness.postgres import PostgresServer
from blogsite.benchmarks.harness.relay import Relay


@dataclass
class Scene:
    """A deployment that faults happen to.

    Args:
        relay: between the last worker and the database, if that worker counts as on another host.
        lease: seconds; whatever waits for the end of a lease gets a multiple of it.
        capacity: posts that all workers write at once.
    """

    deployment: Deployment
    postgres: PostgresServer | None
    relay: Relay | None
    random: random.Random
    lease: float
    capacity: int
    memory: Memory = field(default_factory=Memory)
    people: list[Person] = field(default_factory=list)
    deaths: list[tuple[float, set[int]]] = field(default_factory=list)
    calls: list[dict[str, object]] = field(default_factory=list)

    @property
    def relay_url(self) -> str:
        """The database's URL for the last worker; empty if it needs none of its own."""
        if self.postgres is None or self.relay is None:
            return ""
        return self.postgres.url.replace(f":{self.postgres.port}/", f":{self.relay.port}/")

    def note_deaths(self, pids: set[int]) -> None:
        """Record that these processes died now: their calls in flight may be paid again."""
        self.deaths.append((time.time(), pids))

    def keep_calls(self) -> None:
        """Copy the calls that the model server has received, before they are lost with it."""
        with suppress(OSError):
            self.calls += self.deployment.model.calls()


Fault = Callable[[Scene], None]
