"""Listens to the signals of users, and checks who requests a generation."""

import time
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver

from accounts.models import User
from accounts.registration import require_may_request
from accounts.signals import Belongings, before_users_deleted, belongings_asked, users_leaving
from blogs.models import BlogPost, BlogPostQuerySet
from blogs.refusals import OwnerDeactivated
from blogs.signals import before_generation_requested, before_posts_abandoned, generation_requested

PIECE = 100  # posts


@receiver(before_users_deleted)
def dispose_of_rest(users: QuerySet[User], belongings: Belongings, **kwargs: Any) -> None:
    """Lock users' posts and the users themselves, so that nothing lands meanwhile, and dispose of the posts.

    Posts first: an edit or a request holds its post when it waits for its author's row, as PostgreSQL checks foreign
    keys at the commit. With the users' rows locked nobody can add a post of theirs; the second look locks those
    that were added during the first. A request by a user who is gone before it commits fails and changes nothing.
    """
    posts = BlogPost.objects.filter(owner__in=users)
    for rows in (posts, users):
        lock(rows)
    rest = lock(posts)
    if rest and not (belongings.keep and belongings.heir is not None):  # of all at once: budgets are locked in order
        before_posts_abandoned.send(sender=BlogPost, posts=posts)
    dispose(rest, belongings)


@receiver(belongings_asked)
def all_posts(**kwargs: Any) -> BlogPostQuerySet:
    return BlogPost.objects.all()


@receiver(before_generation_requested)
def check_user(user: User, **kwargs: Any) -> None:
    """Refuse a user of the API before anything is done.

    Raises:
        AddressNotVerified, AwaitingApproval.
    """
    require_may_request(user)


@receiver(generation_requested)
def check_requester(post: BlogPost, requested_by: User | None, **kwargs: Any) -> None:
    """Refuse whoever requests a generation, on any way; commands request them for the site, for nobody.

    A deactivated user makes no requests. Whoever is deactivated at the same time is found when a worker fetches it.

    Raises:
        AddressNotVerified, AwaitingApproval, OwnerDeactivated: the transaction is rolled back.
    """
    if requested_by:
        require_may_request(requested_by)
    is_own = requested_by and post.owner_id == requested_by.pk
    if post.owner_id and not is_own and User.objects.filter(pk=post.owner_id, is_active=False).exists():
        raise OwnerDeactivated


@receiver(users_leaving)
def dispose_in_pieces(users: QuerySet[User], belongings: Belongings, ends_at: float, **kwargs: Any) -> bool:
    posts = BlogPost.objects.filter(owner__in=users).order_by("pk")
    last = 0
    while piece := list(posts.filter(pk__gt=last).values_list("pk", flat=True)[:PIECE]):
        last = piece[-1]
        with transaction.atomic():
            dispose(lock(posts.filter(pk__in=piece)), belongings)
        if time.monotonic() > ends_at:
            return False
    return True


def lock(rows: QuerySet[Any]) -> list[int]:
    """Lock rows in the order of their keys, and return these."""
    return list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))


def dispose(keys: list[int], belongings: Belongings) -> None:
    """Delete posts, or give them to the heir; their rows must be locked."""
    for start in range(0, len(keys), PIECE):  # databases limit the parameters of a statement
        posts: BlogPostQuerySet = BlogPost.objects.filter(pk__in=keys[start : start + PIECE])
        if not belongings.keep:
            posts.delete()
            continue
        if belongings.heir is None:
            before_posts_abandoned.send(sender=BlogPost, posts=posts)
        posts.hand_over(belongings.heir)
