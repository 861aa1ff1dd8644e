"""Refusals of what a user may not do with a post."""

from rest_framework.exceptions import PermissionDenied

from accounts.models import User
from blogs.models import BlogPost
from blogs.roles import Action, may

MAY_NOT = {
    Action.VIEW: "Only the owner of this post and users who may view every post may see this.",
    Action.CHANGE: "Only the owner of this post and users who may change every post may change it.",
    Action.DELETE: "Only the owner of this post and users who may delete every post may delete it.",
}


def check_right(user: User, action: Action, post: BlogPost) -> None:
    """Raises:
    PermissionDenied: the post is another's, and the user lacks the permission for all.
    """
    if not may(user, action, post):
        raise PermissionDenied(MAY_NOT[action])
