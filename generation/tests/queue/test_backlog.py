"""The length of the queue."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from generation.models import State
from generation.queue import backlog
from generation.tests.baker_recipes import abandoned, waiting, written

pytestmark = pytest.mark.django_db


def fill(length):
    """Make so many unfinished generations, next to as many that ended."""
    for number in range(length):
        (waiting, abandoned)[number % 2].make()
        written.make()
        waiting.make(status=State.FAILED, finished_at=timezone.now())
    cache.clear()


def test_the_queue_is_as_long_as_its_unfinished_generations():
    fill(3)

    assert backlog.count() == backlog.depth() == 3


def test_an_empty_queue_has_no_length():
    fill(0)

    assert backlog.depth() == 0
    assert not backlog.is_full()


def test_the_queue_is_counted_once_in_a_while():
    fill(1)
    assert backlog.depth() == 1
    waiting.make()

    assert (backlog.depth(), backlog.count()) == (1, 2)


@pytest.mark.parametrize(("length", "full"), [(1, False), (2, True), (3, True)])
def test_the_queue_is_full_from_its_limit_on(settings, length, full):
    settings.GENERATION_QUEUE_LIMIT = 2
    fill(length)

    assert backlog.is_full() == full
