"""A worker that may not write yet waits, and says for what."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from blogs.database.outages import Outage
from blogs.models import Status
from blogsite.testing.posts import fresh, request_post
from blogsite.testing.workers import eventually
from generation.models import WorkerSeen
from generation.worker import waiting
from generation.worker.waiting import WORKER_WAITS, reason_to_wait, wait_until_it_may_write

ELSEWHERE = "elsewhere/4026531836.0a1b2c3d:1:17"
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="several hosts may use PostgreSQL")


@pytest.fixture
def seen_elsewhere(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> WorkerSeen:
    """A heartbeat of another host's worker, a moment old."""
    monkeypatch.setattr(waiting, "GONE_AFTER", 1.0)
    return WorkerSeen.objects.create(name=ELSEWHERE, seen_at=timezone.now())


@pytest.fixture
def busy_elsewhere(transactional_db: None) -> Iterator[threading.Event]:
    """Another host's worker, which sends heartbeats until the event is set."""
    has_stopped = threading.Event()
    WorkerSeen.objects.create(name=ELSEWHERE, seen_at=timezone.now())

    def send_heartbeats() -> None:
        while not has_stopped.wait(1):
            WorkerSeen.objects.filter(name=ELSEWHERE).update(seen_at=timezone.now())
        connection.close()

    thread = threading.Thread(target=send_heartbeats)
    thread.start()
    yield has_stopped
    has_stopped.set()
    thread.join()


def test_a_container_may_follow_another_on_the_same_file(seen_elsewhere):
    assert wait_until_it_may_write(threading.Event())
    assert not reason_to_wait(is_known=True)


@only_sqlite
def test_nobody_can_say_who_is_there_while_the_database_is_away(seen_elsewhere):
    def refuse(*args: Any) -> Any:
        raise OperationalError("disk I/O error")

    with connection.execute_wrapper(refuse):
        assert Outage.UNREACHABLE.detail in reason_to_wait(is_known=True)


@pytest.mark.process
def test_a_worker_that_was_stopped_keeps_no_other_host_waiting(start_worker, transactional_db):
    worker = start_worker()
    eventually(lambda: WorkerSeen.objects.exists())

    worker.terminate()

    eventually(lambda: worker.exit_code == 0)
    assert not WorkerSeen.objects.exists()


@only_sqlite
@pytest.mark.process
def test_a_second_host_waits_and_writes_when_the_first_has_stopped(busy_elsewhere, start_worker):
    post = request_post()
    worker = start_worker(wait=False)

    eventually(lambda: any(f"{WORKER_WAITS}: {ELSEWHERE}" in line for line in worker.last_lines))
    assert worker.alive
    busy_elsewhere.set()

    eventually(lambda: fresh(post).status == Status.COMPLETED)


@only_sqlite
@pytest.mark.process
def test_a_host_that_waits_can_be_stopped(busy_elsewhere, start_worker):
    worker = start_worker(wait=False)
    eventually(lambda: any(f"{WORKER_WAITS}: {ELSEWHERE}" in line for line in worker.last_lines))

    worker.terminate()

    eventually(lambda: worker.exit_code == 0)
