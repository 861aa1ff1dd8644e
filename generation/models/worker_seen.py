"""Heartbeats of workers."""

from django.db import models


class WorkerSeen(models.Model):
    """The heartbeat of a `manage.py worker`, busy or not: it writes its row every few seconds."""

    name = models.CharField(max_length=120, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
