"""What an executor fetches, and when it wakes another."""

import pytest
from django_q.models import OrmQ

from generation.models import Generation
from generation.tests.baker_recipes import waiting
from generation.worker.executor import write_due

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_executor_at_the_end_of_its_window_wakes_another_for_the_rest(model_server, settings):
    settings.GENERATION_WINDOW = -1
    waiting.make()

    assert write_due() == 0

    assert OrmQ.objects.count() == 1


def test_an_executor_that_fills_all_its_slots_wakes_another(model_server, settings):
    settings.GENERATION_CONCURRENCY = 2
    for _ in range(2):
        waiting.make()
    write_due()
    assert not OrmQ.objects.exists()  # nothing was left for another

    for _ in range(3):
        waiting.make()
    write_due()
    assert OrmQ.objects.count() == 1


def test_urgent_requests_go_before_bulk_ones(model_server, settings):
    settings.GENERATION_CONCURRENCY = 1
    bulk = waiting.make(urgent=False)
    urgent = waiting.make()

    write_due()

    started = Generation.objects.order_by("started_at").values_list("pk", flat=True)
    assert list(started) == [urgent.pk, bulk.pk]
