"""Who may do what with a post: its owner everything, others what Django's permissions say, in the API as in the admin.

Members of `Writers` who are not also in `Editors` have only their own posts, whatever permissions they have.
A migration creates both groups with their permissions. Being staff opens the admin and gives no right.
"""

from enum import StrEnum

from django.db.models import QuerySet, prefetch_related_objects

from accounts.models import User
from blogs.models import BlogPost

WRITERS, EDITORS = "Writers", "Editors"


class Action(StrEnum):
    VIEW = "view"  # what is not public: brief, revisions, generations
    CHANGE = "change"
    DELETE = "delete"


def may(user: User, action: Action, post: BlogPost) -> bool:
    return post.owner_id == user.pk or may_all(user, action)


def may_all(user: User, action: Action) -> bool:
    """Whether a user has a right to the posts of others."""
    return has_permission(user, action) and not has_own_posts_only(user)


def may_some(user: User, action: Action) -> bool:
    """Whether a user may have a right to some posts, all or their own."""
    return has_permission(user, action) or BlogPost.objects.of(user).exists()


def reach(user: User, action: Action, posts: QuerySet[BlogPost]) -> QuerySet[BlogPost]:
    """Return those of `posts` to which a user has a right."""
    return posts if may_all(user, action) else posts.filter(owner=user)


def has_permission(user: User, action: Action) -> bool:
    """Whether a user has Django's permission; who may change may also see, as in Django's admin."""
    implied_by = {action, Action.CHANGE} if action == Action.VIEW else {action}
    return any(user.has_perm(f"blogs.{name}_blogpost") for name in implied_by)


def has_own_posts_only(user: User) -> bool:
    if user.is_superuser:
        return False
    prefetch_related_objects([user], "groups")  # once a request, as Django's permissions
    groups = {group.name for group in user.groups.all()}
    return WRITERS in groups and EDITORS not in groups
