"""How many requests came in a window of time, counted for all processes together."""

from typing import Self

from django.db import models
from django.utils import timezone


class RequestCountQuerySet(models.QuerySet["RequestCount"]):
    def expired(self) -> Self:
        """Return the counts of windows that are over."""
        return self.filter(ends_at__lt=timezone.now()).order_by("ends_at")


class RequestCount(models.Model):
    key = models.CharField(primary_key=True, max_length=64)  # of what is limited, who asks, and which window
    count = models.PositiveIntegerField(default=1)
    ends_at = models.DateTimeField(db_index=True)

    objects = RequestCountQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key
