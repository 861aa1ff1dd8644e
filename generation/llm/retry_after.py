"""When a server may be asked again, in all the forms in which servers say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_DURATION = re.compile(r"(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?")
_NUMBER = re.compile(r"\d{1,16}(?:\.\d+)?")
_IN_WORDS = re.compile(
    r"(?:try again|retry|available|reset)\w* (?:in|after)[: ]+(\d[\d.]*) ?"
    r"(ms|milliseconds?|s\b|seconds?|minutes?|hours?)"
    r"|(?:try again|retry|reset)\w* in ((?:\d+(?:\.\d+)?[hms]+)+)",
    re.IGNORECASE,
)
_IN_BODY = re.compile(r'"(?:retryDelay|x-ratelimit-reset|retry-after)"\s*:\s*"?([\d.]+(?:s|ms)?)"?', re.IGNORECASE)
_UNITS = {"ms": 0.001, "mi": 60.0, "h": 3600.0, "s": 1.0}
FAR = 400 * 24 * 3600.0  # seconds; a number that is a moment less far away than this is one, not a number of seconds


def retry_after(headers: Mapping[str, str], body: str = "") -> float | None:
    """Return how many seconds a response asks to wait, or None if it does not say.

    Args:
        headers: by name in small letters; the most exact of what they say is taken.
        body: some servers say it there only.
    """
    answered_at = _date(headers.get("date", "")) or datetime.now(UTC)  # by the clock that wrote the other date too
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    if asked := headers.get("retry-after"):
        if (seconds := _seconds(asked, answered_at)) is not None:
            return seconds
        if moment := _date(asked):
            return max(0.0, (moment - answered_at).total_seconds())
    resets = [seconds for value in _resets(headers) if (seconds := _seconds(value, answered_at)) is not None]
    if resets:
        return max(resets)
    return _in_body(body, answered_at)


def _resets(headers: Mapping[str, str]) -> Iterator[str]:
    """Find when exhausted limits are renewed: those that are not exhausted are named too."""
    for name, value in headers.items():
        if re.fullmatch(r"(?:x-)?ratelimit-reset(?:-\w+)*", name):
            remaining = headers.get(name.replace("reset", "remaining", 1))
            if remaining is None or _number(remaining) == 0:
                yield value


def _in_body(body: str, answered_at: datetime) -> float | None:
    if found := _IN_BODY.search(body):
        return _seconds(found[1], answered_at)
    if not (found := _IN_WORDS.search(body)):
        return None
    if found[3]:
        return _seconds(found[3], answered_at)
    unit = found[2].lower()
    return float(found[1].rstrip(".") or 0) * next(
        seconds for start, seconds in _UNITS.items() if unit.startswith(start)
    )


def _seconds(value: str, answered_at: datetime) -> float | None:
    """Read a number of seconds, a duration such as `6m0s`, or a Unix time in seconds or milliseconds."""
    value = value.strip()
    if (number := _number(value)) is not None:
        left = (moment - answered_at.timestamp() for moment in (number, number / 1000))
        return next((max(0.0, seconds) for seconds in left if abs(seconds) < FAR), number)
    if value and (parts := _DURATION.fullmatch(value.lower())):
        hours, minutes, seconds, milliseconds = (float(part or 0) for part in parts.groups())
        return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000
    return None


def _number(value: str | None) -> float | None:
    return float(value) if value and _NUMBER.fullmatch(value.strip()) else None


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
