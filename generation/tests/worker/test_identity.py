"""Names of workers, and what a host may do with the leases of its own dead processes."""

import os
import re
import socket
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from generation.models import Generation, WorkerSeen
from generation.tests.baker_recipes import abandoned
from generation.worker import supervisor
from generation.worker.identity import NAME_MAX, end_leases_of_the_dead, host, worker_name
from generation.worker.supervisor import SECOND_HOST, SecondHost, refuse_second_host

NOBODY = 2**22 + 1  # beyond Linux's largest process number
ELSEWHERE = "elsewhere/4026531836.0a1b2c3d:17"


def lease_of(name: str) -> Generation:
    return abandoned.make(worker=name, lease_until=timezone.now() + timedelta(seconds=60))


def test_a_name_fits_its_column_on_a_host_with_the_longest_name():
    longest = len(host()) - len(socket.gethostname()[:NAME_MAX]) + NAME_MAX + len(f":{NOBODY}")

    assert longest <= (Generation._meta.get_field("worker").max_length or 0)
    assert worker_name() == f"{host()}:{os.getpid()}"


@pytest.mark.django_db
def test_only_the_leases_of_this_hosts_dead_processes_are_ended():
    dead, living = lease_of(f"{host()}:{NOBODY}"), lease_of(worker_name())
    same_name = lease_of(f"{socket.gethostname()}/{host().partition('/')[2].partition('.')[0]}.ffffffff:{NOBODY}")

    assert end_leases_of_the_dead() == [dead.worker]

    assert {row.pk for row in Generation.objects.held()} == {living.pk, same_name.pk}


@pytest.fixture
def seen_elsewhere(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> WorkerSeen:
    """A heartbeat of another host's worker, a moment old."""
    monkeypatch.setattr(supervisor, "SEEN_EVERY", 1.0)
    return WorkerSeen.objects.create(name=ELSEWHERE, seen_at=timezone.now())


def test_a_container_may_follow_another_on_the_same_file(seen_elsewhere):
    refuse_second_host()


def test_two_hosts_on_one_sqlite_file_are_rejected(seen_elsewhere):
    def send_another_heartbeat() -> None:
        WorkerSeen.objects.update(seen_at=timezone.now())
        connection.close()

    threading.Timer(0.5, send_another_heartbeat).start()

    if connection.vendor == "sqlite":
        with pytest.raises(SecondHost, match=re.escape(SECOND_HOST.format(name=ELSEWHERE))):
            refuse_second_host()
    else:
        refuse_second_host()
