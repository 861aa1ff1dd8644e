"""A brief that kills its workers is given up, and takes no other post along."""

import os
import signal
import time
from contextlib import suppress

import pytest

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost, Status
from blogsite.testing.model_server import Behaviour
from blogsite.testing.posts import request_post
from blogsite.testing.workers import TIMEOUT
from generation.models import Generation, State
from generation.queue.fetch import fetch_due
from generation.tests.baker_recipes import waiting


@pytest.mark.django_db
def test_a_worker_writes_one_generation_that_may_be_poison_at_a_time():
    suspected = [waiting.make(deaths=2, attempts=2) for _ in range(3)]
    innocent = waiting.make()

    first = fetch_due(10, "one:1")
    second = fetch_due(10, "one:1", poison_max=0)
    third = fetch_due(10, "two:2")

    assert {claim.id for claim in first} == {suspected[0].pk, innocent.pk}
    assert [claim.may_be_poison for claim in first] == [True, False]
    assert (second, [claim.id for claim in third]) == ([], [suspected[1].pk])


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_one_post_that_kills_its_workers_fails_alone(start_worker, model_server):
    model_server.always(Behaviour(delay=0.5))
    owner = writer.make()
    for title in ("Poison", *(f"Bread {number}" for number in range(6))):
        request_post(title, owner=owner)
    start_worker()

    poison = Generation.objects.filter(brief_title="Poison")
    deadline = time.monotonic() + 2 * TIMEOUT
    while BlogPost.objects.exclude(status__in=(Status.COMPLETED, Status.FAILED)).exists():
        assert time.monotonic() < deadline
        for name in poison.filter(status=State.IN_PROGRESS).values_list("worker", flat=True):
            with suppress(ProcessLookupError):
                os.kill(int(name.rpartition(":")[2]), signal.SIGKILL)
        time.sleep(0.1)

    failed = Generation.objects.filter(status=State.FAILED)
    assert [(row.brief_title, row.failure_code, row.deaths) for row in failed] == [("Poison", "worker_lost", 3)]
