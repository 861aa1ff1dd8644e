"""Rate limit pauses."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

KEPT = timedelta(days=1)  # after its end: how often the provider refused before


class ProviderPauseQuerySet(models.QuerySet["ProviderPause"]):
    def expired(self) -> Self:
        return self.filter(until__lt=timezone.now() - KEPT).order_by("until")


class ProviderPause(models.Model):
    """A rate limit pause: until then no worker on any host calls this provider."""

    provider = models.CharField(max_length=200, unique=True)
    until = models.DateTimeField()
    refusals = models.PositiveSmallIntegerField("refusals in a row", default=0, db_column="strikes")

    objects = ProviderPauseQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.provider} until {self.until:%H:%M:%S}"
