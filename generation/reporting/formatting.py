"""Prices and durations as people read them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal


def dollars(cost: Decimal | None) -> str:
    """Return a price as people read it: cents from a dollar on, two significant digits below."""
    if cost is None:
        return "-"
    if cost >= 1 or cost == 0:
        return f"${cost:,.2f}"
    return f"${cost:.{1 - cost.adjusted()}f}"


def duration(begin: datetime | None, end: datetime | None) -> str:
    """Return how long it is from `begin` to `end`, for people; nothing if one of them is not known."""
    if not (begin and end):
        return ""
    return lasting(max(0.0, (end - begin).total_seconds()))


def lasting(seconds: float) -> str:
    """Return a duration in words: `4.2 s`, `1 min 05 s`, `3 h 20 min`, `5 days`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} days"
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
