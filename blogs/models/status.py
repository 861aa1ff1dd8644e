"""The states of a post, and what it shows in the first two."""

from __future__ import annotations

from django.db import models


class Status(models.TextChoices):
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


RUNNING = (Status.PENDING, Status.IN_PROGRESS)


# What a running post shows before the writer tells more.
FIRST_PROGRESS = {
    Status.PENDING: {"stage": "wait", "done": 0, "total": 0},
    Status.IN_PROGRESS: {"stage": "start", "done": 0, "total": 0},
}
