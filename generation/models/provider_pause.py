"""Rate limit pauses."""

from django.db import models


class ProviderPause(models.Model):
    """A rate limit pause: until then no worker on any host calls this provider."""

    provider = models.CharField(max_length=200, unique=True)
    until = models.DateTimeField()
    refusals = models.PositiveSmallIntegerField("refusals in a row", default=0, db_column="strikes")

    def __str__(self) -> str:
        return f"{self.provider} until {self.until:%H:%M:%S}"
