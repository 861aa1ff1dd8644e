"""The length of the queue, cached for a second."""

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q

from generation.models import Generation, State

COUNTED_EVERY = 1.0  # seconds; counting costs more the longer the queue is
COUNTED_TO = 1000  # generations before one
RETRY_AFTER = 30  # seconds


def depth() -> int:
    """Return how many generations are queued or in progress, as of a second ago."""
    return int(cache.get_or_set("generation:backlog", count, COUNTED_EVERY) or 0)


def count() -> int:
    return Generation.objects.unfinished().count()


def is_full() -> bool:
    return depth() >= int(settings.GENERATION_QUEUE_LIMIT)


def queued_before(generation: Generation) -> int | None:
    """Return how many queued generations come before this one, counted to COUNTED_TO; None if it is not queued."""
    if generation.status != State.PENDING:
        return None
    urgent, turn = generation.urgent, generation.turn
    earlier = Q(urgent=urgent, turn__lt=turn) | Q(urgent=urgent, turn=turn, id__lt=generation.pk)
    queued = Generation.objects.queued().filter(earlier if urgent else earlier | Q(urgent=True), finished_at=None)
    return queued[:COUNTED_TO].count()
