"""Names of workers, and what a host may do with the leases of its own dead processes."""

import os
import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from blogsite.testing.workers import NOBODY
from generation.models import Generation
from generation.processes.liveness import start_of
from generation.tests.baker_recipes import abandoned
from generation.worker.identity import NAME_MAX, Holder, host, release_the_dead, silent_holders, worker_name

ELSEWHERE = "elsewhere/4026531836.0a1b2c3d:17"


def lease_of(name: str) -> Generation:
    return abandoned.make(worker=name, lease_until=timezone.now() + timedelta(seconds=60))


def test_a_name_fits_its_column_on_a_host_with_the_longest_name():
    longest = len(host()) - len(socket.gethostname()[:NAME_MAX]) + NAME_MAX + len(f":{10**9}:{NOBODY}")

    assert longest <= (Generation._meta.get_field("worker").max_length or 0)
    assert worker_name() == f"{host()}:{start_of(os.getpid())}:{os.getpid()}"


@pytest.mark.django_db
def test_what_dead_processes_of_this_host_held_is_queued_again_and_nothing_else():
    dead, living = lease_of(f"{host()}:1:{NOBODY}"), lease_of(worker_name())
    same_id = lease_of(f"{host()}:1:{os.getpid()}")  # an id that is used again, by this very process
    elsewhere = host().partition(".")[0] + f".ffffffff:1:{NOBODY}"
    same_name = lease_of(elsewhere)

    assert set(release_the_dead()) == {dead.worker, same_id.worker}

    assert {row.pk for row in Generation.objects.held()} == {living.pk, same_name.pk}
    assert list(Generation.objects.filter(deaths=1).order_by("pk")) == [dead, same_id]


@pytest.mark.django_db
def test_the_dead_of_a_version_that_named_no_start_are_known_too():
    dead, living = lease_of(f"{host()}:{NOBODY}"), lease_of(f"{host()}:{os.getpid()}")

    assert release_the_dead() == [dead.worker]

    assert list(Generation.objects.held()) == [living]


@pytest.mark.django_db
def test_a_process_is_silent_when_all_its_leases_have_expired():
    lease_of(worker_name())
    abandoned.make(worker=worker_name())
    assert silent_holders() == []

    Generation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert [holder.name for holder in silent_holders()] == [worker_name()]


def test_no_process_is_killed_for_another_that_had_its_id():
    assert not Holder(f"{host()}:1:{os.getpid()}").kill()
    assert not Holder(f"{host()}:{os.getpid()}").kill()
