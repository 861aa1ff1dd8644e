"""Days and months in UTC, whatever the server's time zone is."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from generation.budgets.periods import end_of, start_of, today
from generation.models import Budget

DAY, MONTH = Budget.Kind.DAY, Budget.Kind.MONTH


@pytest.mark.parametrize(
    ("kind", "day", "start", "end"),
    [
        (DAY, date(2026, 12, 31), date(2026, 12, 31), datetime(2027, 1, 1, tzinfo=UTC)),
        (DAY, date(2028, 2, 28), date(2028, 2, 28), datetime(2028, 2, 29, tzinfo=UTC)),
        (MONTH, date(2026, 12, 31), date(2026, 12, 1), datetime(2027, 1, 1, tzinfo=UTC)),
        (MONTH, date(2026, 1, 31), date(2026, 1, 1), datetime(2026, 2, 1, tzinfo=UTC)),
        (Budget.Kind.POSTS, date(2026, 2, 28), date(2026, 2, 28), datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_period_begins_and_ends_at_midnight(kind: Budget.Kind, day: date, start: date, end: datetime) -> None:
    assert (start_of(kind, day), end_of(kind, day)) == (start, end)


def test_what_waits_in_the_queue_has_no_period() -> None:
    assert start_of(Budget.Kind.QUEUE, date(2026, 1, 1)) == start_of(Budget.Kind.QUEUE, date(2027, 1, 1))


def test_today_is_utcs(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime.fromisoformat("2026-06-01T01:30:00+02:00")
    monkeypatch.setattr("generation.budgets.periods.timezone", SimpleNamespace(now=lambda: moment))
    with timezone.override("Asia/Tokyo"):
        assert today() == date(2026, 5, 31)
