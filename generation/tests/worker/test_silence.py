"""Silence is not a death: what a living process writes stays its own, is paid once, and lands when it can."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest
from django.db import connection

from blogs.database.outages import Outage
from blogs.models import BlogPost, Status
from blogsite.testing.disks import filled, small_disk
from blogsite.testing.model_server import Behaviour
from blogsite.testing.posts import DRAFTING, fresh, request_post
from blogsite.testing.workers import database_locked, eventually
from generation.models import Generation, State
from generation.processes.child import ChildProcess
from generation.tests.queue.test_locks import by_rows, held_by_another
from generation.worker.identity import Holder
from generation.worker.supervisor import SILENT, SILENT_LEASES, WORKER_DIED

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

LEASE = 1.5  # seconds
SHORT = {"GENERATION_LEASE": str(LEASE), "GENERATION_RENEW_EVERY": str(LEASE / 3)}
CALL = 1.0  # seconds that the model takes


@pytest.fixture
def database_on_small_disk(tmp_path: Path, transactional_db: None) -> Iterator[Path]:
    """Move the test's SQLite database to a disk of 4 MB, and yield its directory."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's disk is filled in the fault trial, which has a server of its own")
    usual, small = connection.settings_dict["NAME"], str(tmp_path / "test.sqlite3")
    with small_disk(tmp_path):
        with closing(sqlite3.connect(usual)) as source, closing(sqlite3.connect(small)) as target:
            source.backup(target)
        move_database(small)
        try:
            yield tmp_path
        finally:
            move_database(usual)


def move_database(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


@pytest.fixture
def worker(request: pytest.FixtureRequest, model_server) -> ChildProcess:
    """A worker with short leases, which is about to write a post: its draft is in flight."""
    if "database_on_small_disk" in request.fixturenames:
        request.getfixturevalue("database_on_small_disk")
    start_worker = request.getfixturevalue("start_worker")
    model_server.always(Behaviour(delay=CALL))
    worker: ChildProcess = start_worker(**SHORT)
    request_post()
    model_server.wait_until(lambda calls: any(DRAFTING in call.said for call in calls), timeout=30)
    return worker


def is_finished(post: BlogPost) -> bool:
    return fresh(post).status == Status.COMPLETED


def holder() -> psutil.Process:
    return psutil.Process(Holder(Generation.objects.get(status=State.IN_PROGRESS).worker).pid)


def all_of(worker: ChildProcess) -> list[psutil.Process]:
    return [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]


@contextmanager
def stopped(*processes: psutil.Process) -> Iterator[None]:
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()


@contextmanager
def read_only() -> Iterator[None]:
    """Have the database refuse all writes of other connections, as a server does after a failover."""
    name = connection.settings_dict["NAME"]
    kick = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        cursor.execute(kick, [name])
        try:
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
            cursor.execute(kick, [name])


def assert_paid_once(model_server) -> None:
    """Check that the one post was written in one attempt, and that each of its calls was needed."""
    post, generation = BlogPost.objects.get(), Generation.objects.get()
    eventually(lambda: is_finished(post))
    generation.refresh_from_db()
    assert (generation.attempts, generation.deaths, generation.unreachable) == (1, 0, 0)
    assert len(model_server.calls) == generation.calls == 2
    assert not any(call.disconnected for call in model_server.calls)


def test_a_table_that_is_locked_for_longer_than_a_lease_costs_no_call(worker, model_server):
    with database_locked():
        time.sleep(3 * LEASE)

    assert_paid_once(model_server)


def test_processes_that_are_all_stopped_for_longer_than_a_lease_cost_no_call(worker, model_server):
    with stopped(*all_of(worker)):
        time.sleep((SILENT_LEASES + 2) * LEASE)

    assert_paid_once(model_server)


def test_a_process_that_is_stopped_for_longer_than_a_lease_keeps_its_post(worker, model_server):
    with stopped(holder()):
        time.sleep(2 * LEASE)

    assert_paid_once(model_server)


def test_a_process_that_stays_silent_is_killed_before_its_post_is_written_by_another(worker, model_server):
    silent = holder()
    post = BlogPost.objects.get()

    silent.suspend()

    eventually(lambda: is_finished(post))
    generation = Generation.objects.get()
    assert not silent.is_running()
    assert (generation.attempts, generation.deaths, generation.unreachable) == (2, 1, 0)
    lines = "\n".join(worker.last_lines)
    assert SILENT.partition("%s")[2] % SILENT_LEASES in lines
    assert WORKER_DIED.partition("%s")[2] in lines


@by_rows
@pytest.mark.parametrize("held", ["the generation", "its post"])
def test_a_row_that_somebody_holds_for_longer_than_a_lease_costs_no_call(worker, model_server, held):
    generation = Generation.objects.select_related("post").get()
    with held_by_another(generation if held == "the generation" else generation.post):
        other = request_post(owner=generation.post.owner)
        eventually(lambda: is_finished(other))
        time.sleep(2 * LEASE)
    other.delete()
    del model_server.calls[2:4]

    assert_paid_once(model_server)


def test_a_disk_that_is_full_for_longer_than_a_lease_costs_no_call(database_on_small_disk, worker, model_server):
    with filled(database_on_small_disk):
        time.sleep(3 * LEASE)

    assert any(Outage.FULL.detail in line for line in worker.last_lines)
    assert_paid_once(model_server)


@by_rows
def test_a_database_that_is_read_only_for_longer_than_a_lease_costs_no_call(worker, model_server):
    with read_only():
        time.sleep(3 * LEASE)

    assert_paid_once(model_server)


def test_a_worker_that_was_stopped_while_the_database_was_away_used_no_attempt(worker, model_server):
    with database_locked():
        worker.terminate()
        eventually(lambda: not worker.alive)

    generation = Generation.objects.get()
    assert (generation.deaths, generation.unreachable) == (0, 0)
