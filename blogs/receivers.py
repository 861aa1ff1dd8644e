"""Listens to the signals of users, and checks who requests a generation."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.dispatch import receiver

from accounts.models import User
from accounts.registration import require_may_request
from accounts.signals import before_users_deleted, what_users_own
from blogs.models import BlogPost
from blogs.signals import before_generation_requested, generation_requested


@receiver(before_users_deleted)
def lock_posts(users: QuerySet[User], **kwargs: Any) -> None:
    """Lock users' posts and the users themselves, so that nothing lands on a post that is being deleted.

    Posts first: an edit or a request holds its post and, as PostgreSQL checks foreign keys at the commit, waits only
    then for its author's row. With the users' rows locked nobody can add a post of theirs; the second look locks those
    that were added during the first. A request by a user who is gone before it commits fails and changes nothing.
    """
    posts = BlogPost.objects.filter(owner__in=users)
    for rows in (posts, users, posts):
        list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))


@receiver(what_users_own)
def own_posts(**kwargs: Any) -> Exists:
    return Exists(BlogPost.objects.filter(owner=OuterRef("pk")))


@receiver(before_generation_requested)
def check_user(user: User, **kwargs: Any) -> None:
    """Refuse a user of the API before anything is done.

    Raises:
        AddressNotVerified, AwaitingApproval.
    """
    require_may_request(user)


@receiver(generation_requested)
def check_requester(requested_by: User | None, **kwargs: Any) -> None:
    """Refuse whoever requests a generation, on any way; commands request them for the site, for nobody.

    Raises:
        AddressNotVerified, AwaitingApproval: the transaction is rolled back.
    """
    if requested_by:
        require_may_request(requested_by)
