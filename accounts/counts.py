"""Requests in a window of time, counted by the database for all processes together."""

import time
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from accounts.models import RequestCount
from accounts.refusals import Refusal

TOO_MANY_REQUESTS = "There were too many requests from your network. Try again later."

# One statement: Django's own upsert cannot add.
UPSERT = (
    "INSERT INTO {table} (key, count, ends_at) VALUES (%s, 1, %s) "
    "ON CONFLICT (key) DO UPDATE SET count = {table}.count + 1 RETURNING count"
)


def count_request(what: str, who: str, seconds: int) -> tuple[int, float]:
    """Count one; return how many there were in this window, and how many seconds are left of it.

    Args:
        what: which limit it counts for.
        who: whose requests are counted together.
        seconds: the window's length.
    """
    window, elapsed = divmod(time.time(), seconds)
    key = key_of(what, f"{window:.0f}", who)
    ends_at = datetime.fromtimestamp((window + 1) * seconds, UTC)
    statement = UPSERT.format(table=connection.ops.quote_name(RequestCount._meta.db_table))
    with connection.cursor() as cursor:
        cursor.execute(statement, [key, connection.ops.adapt_datetimefield_value(ends_at)])
        [count] = cursor.fetchone()
    return count, seconds - elapsed


def key_of(*parts: str) -> str:
    """Return the key of a row, which says nothing about whose requests it counts."""
    return salted_hmac("accounts.counts", "\n".join(parts), algorithm="sha256").hexdigest()


class TooManyRequests(Refusal):
    status = 429
    problem = "too-many-requests"
    detail = TOO_MANY_REQUESTS


def limit(scope: str, network: str) -> None:
    """Count a request where no throttle of the API does.

    Args:
        scope: of settings.THROTTLES.
        network: that it comes from.

    Raises:
        TooManyRequests: there were as many in this window.
    """
    if rate := settings.THROTTLES[scope]:
        most, seconds = rate
        count, wait = count_request(scope, network, seconds)
        if count > most:
            raise TooManyRequests(wait=wait)
