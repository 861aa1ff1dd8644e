"""When to ask again, as servers say it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from generation.llm.retry_after import retry_after

NOW = datetime.now(UTC)


def http_date(**later: float) -> str:
    return format_datetime(NOW + timedelta(**later), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "1", "retry-after-ms": "400"}, 0.4),
        ({"retry-after": http_date(hours=2)}, 7200),
        ({"retry-after": http_date(hours=3), "date": http_date(hours=1)}, 7200),  # its clock is an hour ahead
        ({"retry-after": http_date(hours=-1)}, 0),
        ({"retry-after": "soon"}, None),
        ({"x-ratelimit-reset": "12"}, 12),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 600)}, 600),
        (
            {"x-ratelimit-reset": str(int(NOW.timestamp() * 1000) + 20 * 3_600_000), "x-ratelimit-remaining": "0"},
            72_000,
        ),
        ({"x-ratelimit-reset-requests": "1m30s"}, 90),
        (
            {
                "x-ratelimit-reset-tokens": "6m0s",
                "x-ratelimit-remaining-tokens": "0",
                "x-ratelimit-reset-requests": "12h",
                "x-ratelimit-remaining-requests": "99",
            },
            360,
        ),
        ({"ratelimit-reset": "30"}, 30),
    ],
)
def test_headers_are_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after({"date": http_date()} | headers) == (
        None if seconds is None else pytest.approx(seconds, abs=60 if seconds > 100 else 0)
    )


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Please try again in 400ms.", 0.4),
        ("Please try again in 20s. Visit", 20),
        ("Please try again in 1m2.5s.", 62.5),
        ("Retry after 3 minutes", 180),
        ('{"retryDelay": "34s"}', 34),
        ('{"metadata": {"headers": {"X-RateLimit-Reset": "90"}}}', 90),
        ("Try again later.", None),
    ],
)
def test_words_are_read_where_headers_say_nothing(words: str, seconds: float | None) -> None:
    assert retry_after({}, words) == seconds
