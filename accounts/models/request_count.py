"""How many requests came in a window of time, counted for all processes together."""

from django.db import models


class RequestCount(models.Model):
    key = models.CharField(primary_key=True, max_length=64)  # of what is limited, who asks, and which window
    count = models.PositiveIntegerField(default=1)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
