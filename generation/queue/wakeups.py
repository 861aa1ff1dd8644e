"""Wake-ups: messages in Django-Q2's queue that bring a worker to the rows. A hint, never the truth."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_q.tasks import async_task

QUEUED_WAKEUP = "SELECT 1 FROM django_q_ormq WHERE key = %s AND lock <= %s LIMIT 1"


def wake_a_worker(generation_id: int | None = None) -> None:
    """Have a worker look for work. A lost or doubled ring does no harm: the row decides what is written.

    One message that waits wakes a worker for all, and a worker that has its hands full rings for the next.
    """
    if not is_wakeup_queued():
        async_task("generation.tasks.generate_blog_content", generation_id, task_name=f"generation {generation_id}")


def is_wakeup_queued() -> bool:
    """Whether a message waits in the queue that nobody has taken yet. Every POST asks this."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())  # the clock that the queue goes by
    with connection.cursor() as cursor:
        cursor.execute(QUEUED_WAKEUP, [settings.Q_CLUSTER["name"], now])
        return cursor.fetchone() is not None
