"""Times of day, as numbers may mean them."""

from __future__ import annotations

from decimal import Decimal

HOUR = 60  # minutes
HALF_DAY = 12 * HOUR


def times(number: str, *, is_time: bool, half: str, is_source: bool) -> frozenset[tuple[Decimal, str]]:
    """Return what a number may mean as a time of day: minutes since midnight, with the unit `time`.

    Args:
        number: such as `7`, `7:30` or `7.30`.
        is_time: its unit or form says so.
        half: of the day: `a`, `p`, or empty if it is not said.
        is_source: it stands in the notes, where without `half` it is in the morning.
    """
    hours, _, minutes = number.replace(".", ":").partition(":")
    is_possible = len(hours) <= 2 and len(minutes) in (0, 2) and minutes.isdigit() | (not minutes)
    if not (is_time and is_possible and int(hours) <= 24 and int(minutes or 0) < HOUR):
        return frozenset()
    at = int(hours) % 12 * HOUR + int(minutes or 0)
    if half:
        moments = {at + (HALF_DAY if half == "p" else 0)}
    elif int(hours) > 12 or int(hours) == 0:
        moments = {int(hours) * HOUR % (2 * HALF_DAY) + int(minutes or 0)}
    elif is_source:
        moments = {at if int(hours) < 12 else HALF_DAY + at}
    else:
        moments = {at, at + HALF_DAY}
    return frozenset((Decimal(moment), "time") for moment in moments)
