"""Listens to the signals of posts and users: queues generations and cancels them; the only module that does."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver

from accounts.models import User
from accounts.request_ids import request_id
from accounts.signals import user_deactivated
from blogs.fast_insert import insert
from blogs.models import BlogPost
from blogs.signals import QueueFull, before_generation_requested, before_posts_abandoned, generation_requested
from generation.models import Generation
from generation.queue import backlog, transitions, unwanted
from generation.queue.fair_order import place_of
from generation.queue.log import log_step
from generation.queue.wakeups import wake_a_worker


@receiver(generation_requested)
def enqueue_generation(
    post: BlogPost,
    requested_by: User | None,
    urgent: bool,
    economy: bool = False,
    proposes_only: bool = False,
    **kwargs: Any,
) -> None:
    """Record the request and queue a wake-up, in the transaction that holds the post's row."""
    owner_id = post.owner_id or (requested_by.pk if requested_by else None)
    place = place_of(post_id=post.pk, owner_id=owner_id, urgent=urgent)
    if place.supersedes:
        transitions.supersede(post)
    generation = Generation(
        post_id=post.pk,
        number=place.number,
        brief_title=post.brief_title,
        brief=post.brief,
        **post.options,
        requested_model=post.model,
        requested_by=requested_by,
        urgent=urgent,
        economy=economy,
        owner_id=owner_id,
        turn=place.turn,
        base_revision=post.revision,
        proposes_only=proposes_only,
        request_id=request_id.get(),
    )
    insert(generation)
    wake_a_worker(generation.pk)
    transaction.on_commit(partial(log_step, "requested", generation))


@receiver(before_generation_requested)
def refuse_when_full(**kwargs: Any) -> None:
    """Reject requests while the queue is as long as GENERATION_QUEUE_LIMIT allows.

    Raises:
        QueueFull: it is that long.
    """
    if backlog.is_full():
        raise QueueFull(retry_after=backlog.RETRY_AFTER)


@receiver(user_deactivated)
def cancel_all_of(user: User, **kwargs: Any) -> None:
    unwanted.cancel_all_of(user)


@receiver(before_posts_abandoned)
def cancel_abandoned(posts: QuerySet[BlogPost], **kwargs: Any) -> None:
    unwanted.cancel_all_on(posts)
