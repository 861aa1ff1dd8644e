"""A paused worker finishes what it writes, fetches nothing, and goes on once somebody resumes."""

import time

import pytest
from django.core.management import call_command
from django.db import transaction
from django_q.models import OrmQ

from blogs.models import Status
from blogsite.testing.model_server import Behaviour
from blogsite.testing.posts import fresh, request_post
from blogsite.testing.workers import eventually, executor_at_work
from generation.models import Generation, SitePause, State
from generation.queue.site_pause import pause, resume
from generation.worker.executor import write_due
from generation.worker.supervisor import PAUSED, RESTARTING, RESUMED, STUCK_AFTER

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_being_written_is_finished_and_nothing_else_is_fetched(model_server):
    model_server.always(Behaviour(delay=0.5))
    first = request_post("First")

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 1)
        pause()
        second = request_post("Second")

    assert (fresh(first).status, fresh(second).status) == (Status.COMPLETED, Status.PENDING)
    assert write_due() == 0
    assert second.generations.get().attempts == 0

    resume()
    assert write_due() == 1
    assert fresh(second).status == Status.COMPLETED


def test_what_fails_while_paused_is_retried_later(model_server):
    model_server.answer(Behaviour(status=503, delay=0.5))
    post = request_post()

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 1)
        pause()
    Generation.objects.update(not_before=None)

    assert write_due() == 0
    assert (len(model_server.calls), post.generations.get().status) == (1, State.PENDING)
    resume()
    assert write_due() == 1
    assert fresh(post).status == Status.COMPLETED


@pytest.mark.process
def test_a_real_worker_started_while_paused_leaves_the_queue_alone_until_it_is_woken(start_worker, model_server):
    pause(reason="Too dear")
    sentence = str(SitePause.objects.get())
    posts = [request_post(), request_post()]
    worker = start_worker()
    eventually(lambda: PAUSED % sentence in "\n".join(worker.last_lines))
    eventually(lambda: not OrmQ.objects.exists())  # the wake-ups of the requests found nothing to do

    time.sleep(STUCK_AFTER + 3)  # more than a cluster may leave due posts

    log = "\n".join(worker.last_lines)
    assert model_server.calls == []
    assert [fresh(post).status for post in posts] == [Status.PENDING] * 2
    assert RESTARTING.removesuffix("%s") not in log
    assert log.count(PAUSED % sentence) == 1

    with transaction.atomic():
        resume()
        pause(reason="Too dear still")
    eventually(lambda: PAUSED % str(SitePause.objects.get()) in "\n".join(worker.last_lines))
    assert model_server.calls == []

    call_command("resume")

    eventually(lambda: all(fresh(post).status == Status.COMPLETED for post in posts))
    eventually(lambda: RESUMED in "\n".join(worker.last_lines))
    assert set(Generation.objects.values_list("attempts", flat=True)) == {1}
