"""Slowing down together: a provider that answers 429 is left alone by all workers until the moment it named."""

import random
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from generation.models import ProviderPause, from_now

FIRST_PAUSE = 2.0  # seconds when the provider names none; doubled with each refusal in a row
LONGEST_PAUSE = 3600.0  # seconds; a moment further away is not believed, or its posts would wait for ever
# A post is not failed by 429 before it is this old; later each 429 costs it an attempt.
PATIENCE = timedelta(hours=1)


def is_paused(provider: str) -> bool:
    return ProviderPause.objects.filter(provider=provider, until__gt=Now()).exists()


def pause(provider: str, retry_after: float | None) -> datetime:
    """Have all workers leave the provider alone, and return until when: perhaps a later moment than another was told.

    Args:
        provider: its key, see `Provider.key`.
        retry_after: seconds it asked for; None or 0: twice as long as the last time.
    """
    with transaction.atomic():
        ProviderPause.objects.get_or_create(provider=provider, defaults={"until": timezone.now()})
        rows = ProviderPause.objects.filter(provider=provider)
        # Calls that were in flight together are refused together: that is one refusal.
        rows.filter(Q(until__lte=Now()) | Q(strikes=0)).update(strikes=F("strikes") + 1)
        strikes = rows.select_for_update().get().strikes
        doubled = FIRST_PAUSE * 2.0 ** min(strikes - 1, 12) * random.uniform(1.0, 1.5)
        seconds = min(retry_after or doubled, LONGEST_PAUSE)
        rows.filter(until__lt=from_now(seconds)).update(until=from_now(seconds))
        return rows.get().until


def end_strikes(provider: str) -> None:
    """Note that the provider answers again; every landing does, so the statement is not made anew each time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE generation_providerpause SET strikes = 0"
            " WHERE provider = %s AND strikes > 0 AND until < CURRENT_TIMESTAMP",
            [provider],
        )
