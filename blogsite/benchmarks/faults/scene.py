"""What faults may reach for: a running deployment, its people, and what is remembered for the audit."""

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
        far: how the last worker reaches the database, if it is on another host.
        lease: seconds; what waits for a lease's end is given a multiple of it.
        capacity: posts that all workers write at once.
    """

    deployment: Deployment
    postgres: PostgresServer | None
    far: Relay | None
    random: random.Random
    lease: float
    capacity: int
    memory: Memory = field(default_factory=Memory)
    people: list[Person] = field(default_factory=list)
    deaths: list[tuple[float, set[int]]] = field(default_factory=list)
    calls: list[dict[str, object]] = field(default_factory=list)

    @property
    def far_url(self) -> str:
        if self.postgres is None or self.far is None:
            return ""
        return self.postgres.url.replace(f":{self.postgres.port}/", f":{self.far.port}/")

    def note_deaths(self, pids: set[int]) -> None:
        """Remember that these processes died now: the calls that they had in flight may be paid again."""
        self.deaths.append((time.time(), pids))

    def keep_calls(self) -> None:
        """Copy the calls that the model server has seen, before they go with it."""
        with suppress(OSError):
            self.calls += self.deployment.model.calls()


Fault = Callable[[Scene], None]
