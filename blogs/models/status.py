"""The status of a post, and what it shows of its newest generation."""

from __future__ import annotations

from typing import TypedDict

from django.db import models


class Status(models.TextChoices):
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


class Progress(TypedDict):
    """The writer's progress: `done` of `total` steps of a stage."""

    stage: str
    done: int
    total: int


class Failure(TypedDict):
    """Why the newest generation failed, as the API shows it."""

    code: str
    message: str
    retryable: bool
    attempts: int


# Labels of the stages that a progress names.
STAGES = {
    "wait": "Waiting for a worker",
    "start": "Starting",
    "plan": "Planning",
    "write": "Writing",
    "edit": "Editing",
    "check": "Checking",
}
RUNNING = (Status.PENDING, Status.IN_PROGRESS)
# What an unfinished post shows before the writer reports progress.
FIRST_PROGRESS: dict[Status, Progress] = {
    Status.PENDING: {"stage": "wait", "done": 0, "total": 0},
    Status.IN_PROGRESS: {"stage": "start", "done": 0, "total": 0},
}
