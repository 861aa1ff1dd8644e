"""How often passwords were wrong, by account, by network, and by both."""

from django.db import models


class PasswordAttempts(models.Model):
    """Attempts since the last right password; keys are hashed, since people type passwords into the wrong field."""

    key = models.CharField(primary_key=True, max_length=64)
    failures = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True)
    last_at = models.DateTimeField(db_index=True)
    succeeded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key
