"""What is left of a login: one row for all refresh tokens that follow from it."""

import uuid

from django.db import models
from django.utils import timezone

from accounts.models.user import User


class LoginSession(models.Model):
    """A family of refresh tokens, of which one is valid at a time; only its id is kept, never the token.

    A row that is deleted ends the family.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_sessions")
    token_id = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)  # whatever is refreshed until then

    def __str__(self) -> str:
        return str(self.pk)
