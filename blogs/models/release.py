"""Releases: a person's decisions that readers are to see a revision."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.refusals import Refusal


class NothingToPublish(Refusal):
    status = 409
    problem = "state-conflict"
    detail = "This post has no text yet, so there is nothing to publish."


class NotPublished(Refusal):
    status = 409
    problem = "state-conflict"
    detail = "This post is neither public nor scheduled."


class ReleaseQuerySet(models.QuerySet["Release"]):
    def scheduled(self) -> Self:
        return self.filter(released_at=None)

    def due(self) -> Self:
        """Scheduled ones whose moment has come, by the database's clock: hosts' clocks differ."""
        return self.scheduled().filter(moment__lte=Now())


class Release(models.Model):
    """A person's decision that readers are to see a revision: at once, or from a moment on."""

    post = models.ForeignKey("blogs.BlogPost", on_delete=models.CASCADE, related_name="releases")
    revision = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # Whether the person said which revision they mean.
    is_named = models.BooleanField()
    moment = models.DateTimeField()
    released_at = models.DateTimeField(null=True)  # null while it is scheduled

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["post"], condition=models.Q(released_at=None), name="one_scheduled_release_a_post"
            ),
        )
        indexes = (models.Index(fields=["released_at", "moment"], name="release_due"),)

    def __str__(self) -> str:
        return f"release of revision {self.revision}"
