"""Prices and durations as people read them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

UNKNOWN = "unknown"


def dollars(cost: Decimal | None) -> str:
    """Return a price as people read it: cents from a dollar on, two significant digits below."""
    if cost is None:
        return UNKNOWN
    if cost >= 1 or cost == 0:
        return f"${cost:,.2f}"
    return f"${cost:.{1 - cost.adjusted()}f}"


def sum_of_dollars(known: Decimal | None, unknown: int) -> str:
    """Return a sum as people read it.

    Args:
        known: what the generations of known cost add up to.
        unknown: how many more there are, whose cost is not known.
    """
    if not unknown:
        return dollars(known or Decimal(0))
    return f"{dollars(known)} + {unknown:,} {UNKNOWN}" if known else UNKNOWN


def cost_of(calls: int, cost: Decimal | None) -> str:
    """Return what so many calls cost; nothing has been spent on a generation without any."""
    return dollars(cost) if calls else "-"


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
