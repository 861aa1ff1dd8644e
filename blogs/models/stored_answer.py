"""Answers stored by Idempotency-Key, for clients that did not receive the first one."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

KEPT = timedelta(hours=24)
KEY_MAX_LENGTH = 255


class StoredAnswerQuerySet(models.QuerySet["StoredAnswer"]):
    def expired(self) -> Self:
        return self.filter(created_at__lt=timezone.now() - KEPT).order_by("created_at")


class StoredAnswer(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=KEY_MAX_LENGTH)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, address and body
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")  # a post's text is left out of it: see `api/idempotency.py`
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = StoredAnswerQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="stored_answer_once_a_key"),)

    def __str__(self) -> str:
        return self.key

    def keep(self, *, status: int, headers: dict[str, Any], body: str) -> None:
        self.status, self.headers, self.body = status, headers, body
        self.save(update_fields=["status", "headers", "body"])
