"""How much waits to be written."""

from django.conf import settings
from django.core.cache import cache

from generation.models import Generation

KNOWN_FOR = 1.0  # seconds; counting costs more the longer the queue is
RETRY_AFTER = 30  # seconds


def depth() -> int:
    """Return how many generations wait or are being written, as of a second ago."""
    return int(cache.get_or_set("generation:backlog", count, KNOWN_FOR) or 0)


def count() -> int:
    return Generation.objects.unfinished().count()


def is_full() -> bool:
    return depth() >= int(settings.GENERATION_QUEUE_LIMIT)
