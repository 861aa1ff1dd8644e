"""Invitations to register, each for one address and one account."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.mailbox_field import MailboxField
from accounts.models.user import User

VALID_FOR = timedelta(days=7)
KEPT = timedelta(days=30)  # after it was used or has expired


class InvitationState(StrEnum):
    PENDING = "pending"
    USED = "used"
    EXPIRED = "expired"


def in_a_week() -> datetime:
    return timezone.now() + VALID_FOR


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def expired(self) -> Self:
        """Those that are of no interest any more, the oldest first."""
        ended_before = timezone.now() - KEPT
        return self.filter(Q(expires_at__lt=ended_before) | Q(used_at__lt=ended_before)).order_by("pk")


class Invitation(models.Model):
    email = MailboxField("e-mail address")
    created_by = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=in_a_week, editable=False)
    used_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    used_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return str(self.email)

    @property
    def state(self) -> InvitationState:
        if self.used_at:
            return InvitationState.USED
        return InvitationState.PENDING if self.expires_at > timezone.now() else InvitationState.EXPIRED

    def use(self) -> bool:
        """Take the one use of this invitation, in the transaction that registers; return whether it was there."""
        now = timezone.now()
        pending = Invitation.objects.filter(pk=self.pk, used_at=None, expires_at__gt=now)
        return bool(pending.update(used_at=now))
