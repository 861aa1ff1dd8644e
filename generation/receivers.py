"""Listens to posts and puts their generations in the queue; the only module that enqueues."""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.dispatch import receiver
from django.utils import timezone
from django_q.tasks import async_task

from accounts.models import User
from accounts.request_ids import request_id
from blogs.inserting import insert
from blogs.models import BlogPost
from blogs.signals import QueueFull, generation_requested, generation_wanted
from generation import backlog, outcomes
from generation.life import tell
from generation.models import Generation, State
from generation.turns import place_of

WAITING_MESSAGE = "SELECT 1 FROM django_q_ormq WHERE key = %s AND lock <= %s LIMIT 1"


@receiver(generation_requested)
def enqueue_generation(post: BlogPost, requested_by: User | None, urgent: bool, **kwargs: Any) -> None:
    """Record the request and ring the doorbell, in the transaction that holds the post's row."""
    place = place_of(post_id=post.pk, owner_id=post.owner_id, urgent=urgent)
    if place.supersedes:  # a worker that still writes it finds out when it renews its lease, and stops
        outcomes.stop(post, State.SUPERSEDED)
    generation = Generation(
        post_id=post.pk,
        number=place.number,
        brief_title=post.brief_title,
        brief=post.brief,
        **post.options,
        requested_by=requested_by,
        urgent=urgent,
        owner_id=post.owner_id,
        turn=place.turn,
        base_revision=post.revision,
        request_id=request_id.get(),
    )
    insert(generation)
    ring(generation.pk)
    transaction.on_commit(partial(tell, "requested", generation, 0))


@receiver(generation_wanted)
def refuse_when_full(**kwargs: Any) -> None:
    """Hold requests back while as many wait as GENERATION_QUEUE_LIMIT allows.

    Raises:
        QueueFull: that many wait.
    """
    if backlog.is_full():
        raise QueueFull(retry_after=backlog.RETRY_AFTER)


def ring(generation_id: int | None = None) -> None:
    """Have a worker look for work. A lost or doubled ring does no harm: the row decides what is written.

    One message that waits wakes a worker for all, and a worker that has its hands full rings for the next.
    """
    if not rang():
        async_task("generation.tasks.generate_blog_content", generation_id, task_name=f"generation {generation_id}")


def rang() -> bool:
    """Whether a message waits in the queue that nobody has taken yet. Every POST asks this."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())  # the clock that the queue goes by
    with connection.cursor() as cursor:
        cursor.execute(WAITING_MESSAGE, [settings.Q_CLUSTER["name"], now])
        return cursor.fetchone() is not None
