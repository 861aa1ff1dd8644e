"""One run: a deployment, its people, the faults one after the other, and the wait until all is quiet."""

import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from django.db import DatabaseError, connection

from accounts.models import User
from blogs.models import BlogPost, Status
from blogsite.benchmarks.faults.audit import Evidence
from blogsite.benchmarks.faults.kinds import Fault
from blogsite.benchmarks.faults.people import Memory, Person
from blogsite.benchmarks.harness.deployment import Deployment
from blogsite.benchmarks.harness.postgres import PostgresServer
from blogsite.benchmarks.harness.relay import Relay

PEOPLE = 4
RESTART_AFTER = 0.5  # seconds that a service manager takes


@dataclass
class Trial:
    """What faults may reach for.

    Args:
        lease: seconds; what waits for a lease's end is given a multiple of it.
        capacity: posts that all workers write at once.
        gap: seconds between two faults.
        quiet_within: seconds for the last post to end after the last fault.
    """

    deployment: Deployment
    postgres: PostgresServer | None
    far: Relay | None  # how the last worker reaches the database, if it is on another host
    random: random.Random
    lease: float
    capacity: int
    gap: float
    quiet_within: float
    memory: Memory = field(default_factory=Memory)
    people: list[Person] = field(default_factory=list)
    deaths: list[tuple[float, set[int]]] = field(default_factory=list)
    calls: list[dict[str, object]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def run(self, posts: int, faults: list[tuple[str, Fault]], workers: int) -> Evidence:
        """Submit `posts` while the faults happen, wait until all is quiet, and return what there is to audit."""
        for _ in range(workers - 1):
            self.deployment.start_worker()
        self.deployment.start_worker(self.far_url)
        users = [User.objects.create_user(f"person{number}@example.com", is_staff=True) for number in range(PEOPLE)]
        self.people = [
            Person(self.deployment.api, user, self.memory, (number, PEOPLE), self.random.randrange(2**32))
            for number, user in enumerate(users)
        ]
        clients = threading.Thread(target=self.submit, args=(posts, self.gap * len(faults)), daemon=True)
        managers = [threading.Thread(target=keep, daemon=True) for keep in (self.keep_workers, self.keep_web)]
        for thread in (*self.people, clients, *managers):
            thread.start()
        self.break_things(faults)
        clients.join()
        for person in self.people:
            person.stopping.set()
            person.join()
        self.wait_until_quiet()
        self.done.set()
        for manager in managers:
            manager.join()
        self.keep_calls()
        return Evidence(self.memory, Path(self.deployment.log_path), self.calls, self.deaths)

    @property
    def far_url(self) -> str:
        if self.postgres is None or self.far is None:
            return ""
        return self.postgres.url.replace(f":{self.postgres.port}/", f":{self.far.port}/")

    def submit(self, posts: int, seconds: float) -> None:
        for number in range(posts):
            self.people[number % PEOPLE].submit()
            time.sleep(seconds / posts)

    def break_things(self, faults: list[tuple[str, Fault]]) -> None:
        for name, fault in faults:
            time.sleep(self.gap)
            self.deployment.note(f"fault: {name}")
            with suppress(psutil.Error, IndexError, OSError, DatabaseError, BlogPost.DoesNotExist):
                fault(self)

    def keep_workers(self) -> None:
        """Start workers anew that ended, as a service manager does."""
        while not self.done.wait(RESTART_AFTER):
            for worker in [worker for worker in self.deployment.workers if not worker.alive]:
                is_far = worker == self.deployment.workers[-1]
                self.deployment.workers.remove(worker)
                worker.end(grace=0)
                with suppress(TimeoutError):  # it may be cut off from the database just now
                    self.deployment.start_worker(self.far_url if is_far else "")

    def keep_web(self) -> None:
        """Start the web server anew when it ended or does not answer, however long a worker takes to start."""
        while not self.done.wait(RESTART_AFTER):
            if not self.deployment.web.alive or not self.deployment.answers():
                self.deployment.web.end(grace=0)
                with suppress(TimeoutError):
                    self.deployment.start_web()

    def killed(self, pids: set[int]) -> None:
        self.deaths.append((time.time(), pids))

    def keep_calls(self) -> None:
        """Take over the calls that the model server has seen, before they go with it."""
        with suppress(OSError):
            self.calls += self.deployment.model.calls()

    def wait_until_quiet(self) -> None:
        deadline = time.monotonic() + self.quiet_within
        while time.monotonic() < deadline:
            with suppress(DatabaseError):
                if not BlogPost.objects.filter(status__in=(Status.PENDING, Status.IN_PROGRESS)).exists():
                    return
            connection.close_if_unusable_or_obsolete()
            time.sleep(0.5)
