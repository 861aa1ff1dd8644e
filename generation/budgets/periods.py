"""Periods: days and months, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from generation.models import Budget

ALWAYS = date(2000, 1, 1)  # when what has no period began


def today() -> date:
    return timezone.now().astimezone(UTC).date()


def start_of(kind: Budget.Kind, day: date) -> date:
    if kind == Budget.Kind.QUEUE:
        return ALWAYS
    return day.replace(day=1) if kind == Budget.Kind.MONTH else day


def end_of(kind: Budget.Kind, day: date) -> datetime:
    """Return when the period that `day` lies in is over."""
    start = start_of(kind, day)
    following = (start + timedelta(days=32)).replace(day=1) if kind == Budget.Kind.MONTH else start + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=UTC)
