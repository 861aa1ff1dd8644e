"""Listens to the signals of posts and users: queues generations and cancels them; the only module that does."""

from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.dispatch import receiver

from accounts.models import User
from accounts.request_ids import request_id
from accounts.signals import user_deactivated
from blogs.fast_insert import insert
from blogs.models import BlogPost, Revision
from blogs.models.text_bytes import SIZE
from blogs.refusals import QueueFull
from blogs.signals import (
    before_generation_requested,
    before_posts_abandoned,
    before_revisions_deleted,
    generation_requested,
    needed_revisions_asked,
    texts_beside_asked,
)
from generation.budgets.changes import OverLimit, reserve
from generation.budgets.refusals import refusal_of
from generation.budgets.reservation import Reservation, reservation_of
from generation.budgets.settlement import Ending, add_to_spending
from generation.costs import Usage
from generation.models import Generation, HouseStyle
from generation.queue import backlog, transitions, unwanted
from generation.queue.fair_order import place_of
from generation.queue.log import log_step
from generation.queue.wakeups import wake_a_worker

REMEMBERED_FOR = 10  # seconds, of the house style: it is a part of each prompt


@receiver(generation_requested)
def enqueue_generation(
    post: BlogPost,
    requested_by: User | None,
    urgent: bool,
    economy: bool = False,
    proposes_only: bool = False,
    **kwargs: Any,
) -> None:
    """Record the request, reserve what it can cost, and queue a wake-up, in the transaction that holds the post's row.

    The budgets come last: whoever else requests waits for the rows of all until this transaction has ended.

    Raises:
        BudgetExhausted, PostsExhausted, QueueShareFull, QueueFull: the transaction is rolled back.
    """
    refuse_when_full()
    reservation = reservation_of(requested_by, post.model, most_used_by(post))
    requester_id = requested_by.pk if requested_by else None
    owner_id = post.owner_id or requester_id
    place = place_of(post_id=post.pk, owner_id=owner_id, urgent=urgent, requester_id=requester_id)
    superseded = transitions.supersede(post) if place.supersedes else None
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
        accounts=" ".join(reservation.accounts),
        charged_on=reservation.day,
        reserved=reservation.amount,
    )
    insert(generation)
    wake_a_worker(generation.pk)
    reserve_for(requested_by, reservation, superseded)
    transaction.on_commit(partial(log_step, "requested", generation))


def most_used_by(post: BlogPost) -> Usage:
    """Return the most that one attempt at a post uses, by a large model."""
    from generation.writer.worst_case import worst_case  # here: most commands request nothing, and need no writer

    style = cache.get_or_set("generation:house_style", HouseStyle.current, REMEMBERED_FOR)
    options = post.options
    return worst_case(
        post.brief_title,
        post.brief,
        length=options["length"],
        language=options["language"],
        house_style=style or "",
        verify=settings.GENERATION_VERIFY,
    )


def reserve_for(user: User | None, reservation: Reservation, superseded: Ending | None) -> None:
    """Reserve for a request, with what the generation that it supersedes no longer needs.

    Raises:
        Refusal: no room. The transaction must be rolled back.
    """
    try:
        reserve([*reservation.changes, *(superseded.changes if superseded else ())])
    except OverLimit as over:
        raise refusal_of(over, user) from over
    add_to_spending([superseded] if superseded else [])


@receiver(before_generation_requested)
def refuse_when_full(**kwargs: Any) -> None:
    """Reject requests while the queue is as long as GENERATION_QUEUE_LIMIT allows.

    Raises:
        QueueFull: it is that long.
    """
    if backlog.is_full():
        raise QueueFull(wait=backlog.RETRY_AFTER)


@receiver(user_deactivated)
def cancel_all_of(user: User, **kwargs: Any) -> None:
    unwanted.cancel_all_of(user)


@receiver(before_posts_abandoned)
def cancel_abandoned(posts: QuerySet[BlogPost], **kwargs: Any) -> None:
    unwanted.cancel_all_on(posts)


@receiver(texts_beside_asked)
def bytes_of_proposals(post: BlogPost, **kwargs: Any) -> int:
    """Return what the proposals take that wait; all other texts are bounded by what their generations may cost."""
    return Generation.objects.proposed().filter(post=post.pk).aggregate(all=Sum(SIZE))["all"] or 0


@receiver(needed_revisions_asked)
def bases(post: BlogPost, **kwargs: Any) -> set[int]:
    waiting = Generation.objects.filter(Q(finished_at=None) | Q(landing=Generation.Landing.PROPOSED), post=post.pk)
    return set(waiting.values_list("base_revision", flat=True))


@receiver(before_revisions_deleted)
def delete_copies(revisions: QuerySet[Revision], **kwargs: Any) -> None:
    """Delete what generations keep of texts that are deleted, with the sentences that were warned of or added."""
    of_texts = Generation.objects.filter(revision__in=revisions.values("pk"))
    of_texts.update(title="", content="", warnings=[], provenance={})
