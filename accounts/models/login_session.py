"""What is left of a login: one row for all refresh tokens that follow from it."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Count, Subquery
from django.utils import timezone

from accounts.models.user import User

MOST = 10_000  # logins of a user; a script that never logs out ends its oldest


class LoginSessionQuerySet(models.QuerySet["LoginSession"]):
    def of(self, session_id: str, user_id: str) -> Self:
        return self.filter(pk=session_id, user=user_id)

    def live(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now()).order_by("expires_at")

    def surplus(self) -> Self:
        """The logins beyond the newest MOST of a user who has too many; of one such user at a time."""
        numbers = self.values("user").annotate(number=Count("pk")).filter(number__gt=MOST).order_by("user")
        user = numbers.values_list("user", flat=True)[:1]
        last = self.filter(user=Subquery(user)).order_by("-created_at").values("created_at")[MOST - 1 : MOST]
        return self.filter(user=Subquery(user), created_at__lt=Subquery(last)).order_by("created_at")


class LoginSession(models.Model):
    """A family of refresh tokens, of which one is valid at a time; only its id is kept, never the token.

    A row that is deleted ends the family.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_sessions")
    token_id = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)  # whatever is refreshed until then

    objects = LoginSessionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.pk)

    def replace_token(self, old: str, new: str) -> bool:
        """Make another token the valid one if `old` still is; return whether it was."""
        return LoginSession.objects.filter(pk=self.pk, token_id=old).update(token_id=new) == 1
