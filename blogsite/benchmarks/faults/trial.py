"""One run: a deployment, its people, the faults one after the other, and the wait until all is quiet."""

import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from django.db import DatabaseError, connection
from django_q.models import OrmQ

from accounts.models import User
from blogs.models import BlogPost, Status
from blogsite.benchmarks.faults.audit import Evidence
from blogsite.benchmarks.faults.budgets import GRANTED, BudgetWatch, Spender
from blogsite.benchmarks.faults.people import Person
from blogsite.benchmarks.faults.scene import Fault, NothingHit, Scene

PEOPLE = 4
RESTART_AFTER = 0.5  # seconds that a service manager takes


@dataclass
class Trial:
    """People use a deployment while faults happen to it.

    Args:
        gap: seconds between two faults.
        quiet_within: seconds for the last post to end after the last fault.
    """

    scene: Scene
    gap: float
    quiet_within: float
    done: threading.Event = field(default_factory=threading.Event)
    kinds: Counter[str] = field(default_factory=Counter)  # faults that hit something
    missed: Counter[str] = field(default_factory=Counter)

    def run(self, posts: int, faults: list[tuple[str, Fault]], workers: int) -> Evidence:
        """Submit `posts` while the faults happen, wait until all is quiet, and return the evidence."""
        for _ in range(workers - 1):
            self.scene.deployment.start_worker()
        self.scene.deployment.start_worker(self.scene.elsewhere)
        users = [User.objects.create_superuser(f"person{number}@example.com") for number in range(PEOPLE)]
        self.scene.people = [
            Person(
                self.scene.deployment.api, user, self.scene.memory, (number, PEOPLE), self.scene.random.randrange(2**32)
            )
            for number, user in enumerate(users)
        ]
        spender, watch = self.spender(), BudgetWatch()
        clients = threading.Thread(target=self.submit, args=(posts, self.gap * len(faults)), daemon=True)
        managers = [
            threading.Thread(target=restart, daemon=True) for restart in (self.restart_workers, self.restart_web)
        ]
        paying = () if self.scene.deployment.is_by_the_book else (spender, watch)
        for thread in (*self.scene.people, clients, *managers, *paying):
            thread.start()
        self.inject(faults)
        clients.join()
        for person in (*self.scene.people, *paying[:1]):
            person.stopping.set()
            person.join()
        self.wait_until_quiet()
        self.done.set()
        for thread in paying[1:]:
            thread.stopping.set()
            thread.join()
        for manager in managers:
            manager.join()
        self.scene.keep_calls()
        log = Path(self.scene.deployment.log_path)
        scene = self.scene
        seen = scene.calls, scene.deaths, scene.outages, self.kinds, self.missed
        return Evidence(scene.memory, log, *seen, over_budget=watch.over, refused=spender.refused)

    def spender(self) -> Spender:
        """Return somebody who spends without end, and may act on no post but their own."""
        user = User.objects.create_user("spender@example.com", budget_day=GRANTED)
        scene = self.scene
        return Spender(scene.deployment.api, user, scene.memory, (PEOPLE, PEOPLE), seed=0)

    def submit(self, posts: int, seconds: float) -> None:
        for number in range(posts):
            self.scene.people[number % PEOPLE].submit()
            time.sleep(seconds / posts)

    def inject(self, faults: list[tuple[str, Fault]]) -> None:
        for name, fault in faults:
            time.sleep(self.gap)
            self.scene.deployment.log_line(f"fault: {name}")
            connection.close()  # an earlier fault may have broken it
            try:
                fault(self.scene)
            except (NothingHit, psutil.Error, IndexError, OSError, DatabaseError, BlogPost.DoesNotExist) as error:
                self.scene.deployment.log_line(f"fault missed: {name}: {error!r}")
                self.missed[name] += 1
            else:
                self.kinds[name] += 1

    def restart_workers(self) -> None:
        """Restart workers that exited, as a service manager does."""
        while not self.done.wait(RESTART_AFTER):
            for worker in [worker for worker in self.scene.deployment.workers if not worker.alive]:
                is_last = worker == self.scene.deployment.workers[-1]
                self.scene.deployment.workers.remove(worker)
                worker.end(grace=0)
                with suppress(TimeoutError):  # it may be cut off from the database at this moment
                    self.scene.deployment.start_worker(self.scene.elsewhere if is_last else None)

    def restart_web(self) -> None:
        """Restart the web server when it exited or does not answer, however long a worker takes to start."""
        while not self.done.wait(RESTART_AFTER):
            if not self.scene.deployment.web.alive or not self.scene.deployment.answers():
                self.scene.deployment.web.end(grace=0)
                with suppress(TimeoutError):
                    self.scene.deployment.start_web()

    def wait_until_quiet(self) -> None:
        deadline = time.monotonic() + self.quiet_within
        while time.monotonic() < deadline:
            with suppress(DatabaseError):
                if self.is_quiet():
                    return
            connection.close_if_unusable_or_obsolete()
            time.sleep(0.5)

    def is_quiet(self) -> bool:
        """Whether all posts have ended; by the book also whether none of the others has a message that could end it."""
        if not BlogPost.objects.filter(status__in=(Status.PENDING, Status.IN_PROGRESS)).exists():
            return True
        return self.scene.deployment.is_by_the_book and not OrmQ.objects.exists()
