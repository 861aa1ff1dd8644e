"""Running totals: each finished generation is added up once, whatever is finished or deleted meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from generation.models import Generation, RunningTotals, State
from generation.reporting import totals as module
from generation.reporting.totals import SETTLED_AFTER, added_up, fold, totals
from generation.tests.baker_recipes import waiting, written

pytestmark = pytest.mark.django_db


def finished(ago: float, **more: Any) -> Generation:
    """Return a generation that ended so many seconds ago, and took ten."""
    end = timezone.now() - timedelta(seconds=ago)
    generation: Generation = written.make(finished_at=end, started_at=end - timedelta(seconds=10), **more)
    return generation


def history() -> None:
    for number in range(5):
        finished(SETTLED_AFTER + 10 * number + 5)
    finished(200, status=State.FAILED, failure_code="timeout", landing="", cost=None, model="another")
    finished(1)
    waiting.make()


def test_totals_are_the_same_however_much_is_folded(monkeypatch):
    monkeypatch.setattr(module, "PIECE", 2)
    history()
    expected = added_up(Q())

    seen = [totals()]
    while fold():
        seen.append(totals())
    seen.append(totals())

    assert len(seen) > 3
    assert all(found == expected for found in seen)


def test_what_was_folded_is_not_read_again(django_assert_num_queries):
    history()
    fold()
    Generation.objects.filter(finished_at__lt=timezone.now() - timedelta(seconds=SETTLED_AFTER)).update(calls=1_000)

    assert sum(total.calls for total in totals().values()) < 1_000
    with django_assert_num_queries(2):
        assert not fold()


def test_what_ended_just_now_is_not_folded_yet():
    finished(1)

    fold()

    assert RunningTotals.objects.get().rows == []
    assert sum(total.number for total in totals().values()) == 1


def test_two_that_fold_at_once_count_once(monkeypatch):
    history()
    added = module.added_up

    def while_another_folds(which: Q) -> Any:
        monkeypatch.setattr(module, "added_up", added)
        fold()
        return added(which)

    monkeypatch.setattr(module, "added_up", while_another_folds)
    expected = added(Q())

    fold()

    assert totals() == expected


def test_totals_do_not_go_down_when_posts_are_deleted():
    generation = finished(200)
    fold()
    before = totals()

    generation.post.delete()

    assert totals() == before
