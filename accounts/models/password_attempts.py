"""How often passwords were wrong, by account, by network, and by both."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

KNOWN_FOR = timedelta(days=30)  # how long a network is known from which an account logged in
FORGOTTEN = timedelta(days=1)


class PasswordAttemptsQuerySet(models.QuerySet["PasswordAttempts"]):
    def expired(self) -> Self:
        """Return the rows that nothing depends on any more."""
        now = timezone.now()
        unknown = models.Q(succeeded_at=None) | models.Q(succeeded_at__lt=now - KNOWN_FOR)
        return self.filter(unknown, last_at__lt=now - FORGOTTEN).order_by("last_at")


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
