"""How often passwords were wrong, by account, by network, and by both."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

KEPT = timedelta(days=1)  # after the last attempt


class PasswordAttemptsQuerySet(models.QuerySet["PasswordAttempts"]):
    def expired(self) -> Self:
        return self.filter(last_at__lt=timezone.now() - KEPT).order_by("last_at")


class PasswordAttempts(models.Model):
    """Attempts since the last right password; keys are hashed, since people type passwords into the wrong field."""

    key = models.CharField(primary_key=True, max_length=64)
    failures = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True)
    last_at = models.DateTimeField(db_index=True)
    succeeded_at = models.DateTimeField(null=True)

    objects = PasswordAttemptsQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key
