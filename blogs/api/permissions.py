"""Permissions to see and to change a post."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.authentication import authenticated_user
from blogs.models import BlogPost
from blogs.roles import edits_every_post


class IsOwnerOrStaff(BasePermission):
    message = "Only the owner of this post and staff may change it."

    def has_object_permission(self, request: Request, view: Any, obj: BlogPost) -> bool:
        user = authenticated_user(request)
        return obj.owner_id == user.pk or edits_every_post(user)


class PrivateToOwnerAndStaff(IsOwnerOrStaff):
    """Briefs, revisions and generations are visible to the owner and staff only."""

    message = "Only the owner of this post and staff may see this."
