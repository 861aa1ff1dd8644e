"""Listens to posts and puts their generations in the queue; the only module that enqueues."""

from typing import Any

from django.dispatch import receiver
from django_q.tasks import async_task

from accounts.models import User
from accounts.request_ids import request_id
from blogs.models import BlogPost
from blogs.signals import QueueFull, generation_requested, generation_wanted
from generation import backlog, outcomes
from generation.inserting import insert
from generation.models import Generation, State
from generation.turns import place_of


@receiver(generation_requested)
def enqueue_generation(post: BlogPost, requested_by: User | None, urgent: bool, **kwargs: Any) -> None:
    """Record the request and ring the doorbell, in the transaction that holds the post's row."""
    place = place_of(post_id=post.pk, owner_id=post.owner_id, urgent=urgent)
    if place.supersedes:  # a worker that still writes it finds out when it renews its lease, and stops
        outcomes.stop(post, State.SUPERSEDED)
    generation = insert(
        Generation,
        post_id=post.pk,
        number=place.number,
        brief_title=post.brief_title,
        brief=post.brief,
        **post.options,
        requested_by_id=requested_by and requested_by.pk,
        urgent=urgent,
        owner_id=post.owner_id,
        turn=place.turn,
        base_revision=post.revision,
        request_id=request_id.get(),
    )
    ring(generation)


@receiver(generation_wanted)
def refuse_when_full(**kwargs: Any) -> None:
    """Hold requests back while as many wait as GENERATION_QUEUE_LIMIT allows.

    Raises:
        QueueFull: that many wait.
    """
    if backlog.is_full():
        raise QueueFull(retry_after=backlog.RETRY_AFTER)


def ring(generation_id: int | None = None) -> None:
    """Have a worker look for work. A lost or doubled ring does no harm: the row decides what is written."""
    async_task("generation.tasks.generate_blog_content", generation_id, task_name=f"generation {generation_id}")
