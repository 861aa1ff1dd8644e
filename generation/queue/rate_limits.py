"""Rate limit pauses: a provider that answers 429 is called by no worker until the moment that it named."""

import random
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from generation.models import ProviderPause, from_now

FIRST_PAUSE = 2.0  # seconds when the provider names none; doubled with each refusal in a row
LONGEST_PAUSE = 3600.0  # seconds
LONGEST_NAMED_PAUSE = 25 * 3600.0  # seconds: daily limits are; a later moment is not believed
# A post is not failed by 429 before it is this old; later each 429 costs it an attempt.
REFUND_WITHIN = 3600.0  # seconds


def paused_providers() -> set[str]:
    """Return the keys of all that must not be called now."""
    return set(ProviderPause.objects.filter(until__gt=Now()).values_list("provider", flat=True))


def pause(provider: str, retry_after: float | None) -> datetime:
    """Have no worker call the provider for a while; return until when, which may be later than requested.

    Args:
        provider: its key, see `Provider.key`.
        retry_after: seconds that it named; None or 0: twice as long as the last time.
    """
    with transaction.atomic():
        # Locked: housekeeping deletes rows of pauses that ended long ago.
        ProviderPause.objects.select_for_update().get_or_create(provider=provider, defaults={"until": Now()})
        rows = ProviderPause.objects.filter(provider=provider)
        # Calls that were in flight together are rejected together: that counts once.
        rows.filter(Q(until__lte=Now()) | Q(refusals=0)).update(refusals=F("refusals") + 1)
        refusals = rows.select_for_update().get().refusals
        doubled = min(FIRST_PAUSE * 2.0 ** min(refusals - 1, 12) * random.uniform(1.0, 1.5), LONGEST_PAUSE)
        seconds = min(retry_after or doubled, LONGEST_NAMED_PAUSE)
        rows.filter(until__lt=from_now(seconds)).update(until=from_now(seconds))
        return rows.get().until


def end_refusals(provider: str) -> None:
    """Note that the provider answers again: its next 429 starts a new row of refusals."""
    ProviderPause.objects.filter(provider=provider, refusals__gt=0, until__lt=Now()).update(refusals=0)
