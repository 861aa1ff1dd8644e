"""Listens to the signals of users."""

from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import before_users_deleted
from blogs.models import BlogPost


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
