"""What deactivated users own or have requested is not written: it is cancelled at once, or when it would be fetched."""

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from blogs.models import BlogPost
from generation.models import Generation
from generation.queue.locks import unfinished
from generation.queue.transitions import cancel_unfinished

DEACTIVATED = "The account was deactivated."


def cancel_all_of(user: User) -> None:
    """Cancel what is unfinished of a user's posts and requests, each in a transaction of its own."""
    theirs = Generation.objects.unfinished().filter(Q(post__owner=user) | Q(requested_by=user))
    for pk in list(theirs.order_by("post_id").values_list("post_id", flat=True)):
        with transaction.atomic():
            post = (
                BlogPost.objects.select_for_update()
                .only("status", "revision", "version", "owner")
                .filter(pk=pk)
                .first()
            )
            generation = unfinished(post) if post else None
            if post and generation and user.pk in users_of(generation):
                cancel_unfinished(post, generation, DEACTIVATED)


def wanted(generations: list[Generation]) -> list[Generation]:
    """Return those that may be written, and cancel those of deactivated users.

    A request may commit after its user was deactivated, and an update of many users tells nobody.

    Args:
        generations: with their posts; the rows of both must be locked.
    """
    users = {user for generation in generations for user in users_of(generation)}
    gone = set(User.objects.filter(pk__in=users, is_active=False).values_list("pk", flat=True))
    unwanted = [generation for generation in generations if gone & users_of(generation)] if gone else []
    for generation in unwanted:
        cancel_unfinished(generation.post, generation, DEACTIVATED)
    return [generation for generation in generations if generation not in unwanted]


def users_of(generation: Generation) -> set[int]:
    return {key for key in (generation.post.owner_id, generation.requested_by_id) if key is not None}
