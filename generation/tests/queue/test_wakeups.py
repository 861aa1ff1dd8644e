"""One wake-up in the queue brings a worker, and is enough for all."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from generation.queue.wakeups import is_wakeup_queued, wake_a_worker

pytestmark = pytest.mark.django_db


def test_a_wake_up_names_the_task_and_the_generation():
    wake_a_worker(4711)

    task = OrmQ.objects.get().task
    assert (task["func"], task["args"]) == ("generation.tasks.generate_blog_content", (4711,))
    assert task["name"] == "generation 4711"
    assert is_wakeup_queued()


def test_one_wake_up_in_the_queue_is_enough_for_all():
    wake_a_worker(1)
    wake_a_worker(2)

    assert OrmQ.objects.get().task["args"] == (1,)


@pytest.mark.parametrize("missed", [{"lock": timezone.now() + timedelta(hours=1)}, {"key": "another queue"}])
def test_a_wake_up_that_reaches_no_worker_does_not_count(missed):
    wake_a_worker(1)
    OrmQ.objects.update(**missed)

    assert not is_wakeup_queued()
    wake_a_worker(2)

    assert [queued.task["args"] for queued in OrmQ.objects.order_by("pk")] == [(1,), (2,)]


def test_a_wake_up_counts_next_to_another_queues():
    wake_a_worker(1)
    OrmQ.objects.update(key="another queue")
    wake_a_worker(2)

    wake_a_worker(3)

    assert OrmQ.objects.count() == 2


def test_without_a_wake_up_there_is_none():
    assert not is_wakeup_queued()
