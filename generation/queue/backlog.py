"""The length of the queue, cached for a second."""

from django.conf import settings
from django.core.cache import cache

from generation.models import Generation

COUNTED_EVERY = 1.0  # seconds; counting costs more the longer the queue is
RETRY_AFTER = 30  # seconds


def depth() -> int:
    """Return how many generations are queued or in progress, as of a second ago."""
    return int(cache.get_or_set("generation:backlog", count, COUNTED_EVERY) or 0)


def count() -> int:
    return Generation.objects.unfinished().count()


def is_full() -> bool:
    return depth() >= int(settings.GENERATION_QUEUE_LIMIT)
