"""Mail that is to be sent: written with what causes it, sent by the worker."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models.mailbox_field import MailboxField
from accounts.models.user import User

KEPT = timedelta(days=30)  # after the last attempt, for an administrator to look at


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def expired(self) -> Self:
        """What was given up long ago; whatever is still tried has an attempt before it."""
        return self.filter(attempts__gt=0, not_before__lt=timezone.now() - KEPT).order_by("not_before")


class OutgoingMail(models.Model):
    """A mail without its text: links are signed when it is sent, so that none stands here."""

    class Kind(models.TextChoices):
        INVITATION = "invitation"
        VERIFICATION = "verification"
        APPROVED = "approved"
        PASSWORD_RESET = "password_reset"  # noqa: S105 (a kind of mail)
        PASSWORD_CHANGED = "password_changed"  # noqa: S105
        ADDRESS_CONFIRMATION = "address_confirmation"  # to the new address
        ADDRESS_NOTICE = "address_notice"  # to the old one
        ADDRESS_CHANGED = "address_changed"  # to both

    kind = models.CharField(max_length=24, choices=Kind)
    to = MailboxField()
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField("next attempt", default=timezone.now, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name = verbose_name_plural = "outgoing mail"

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"
