"""Invitations to register, each for one address and one account."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from accounts.models.mailbox_field import MailboxField
from accounts.models.user import User

VALID_FOR = timedelta(days=7)


def in_a_week() -> datetime:
    return timezone.now() + VALID_FOR


class Invitation(models.Model):
    email = MailboxField("e-mail address")
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=in_a_week, editable=False)
    used_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return str(self.email)
