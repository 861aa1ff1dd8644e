"""Revisions: every text of a post that is or was live."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from blogs.models.limits import TITLE_MAX_LENGTH
from blogs.models.visible import InvisibleTitle, has_visible


class Revision(models.Model):
    class Source(models.TextChoices):
        AI = "ai", "AI"
        HUMAN = "human"
        RESTORED = "restored"

    # Live because a person wrote it, or chose it above what the model wrote later. An accepted proposal is the model's.
    OF_PERSONS = (Source.HUMAN, Source.RESTORED)

    post = models.ForeignKey("blogs.BlogPost", on_delete=models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_MAX_LENGTH)
    content = models.TextField(blank=True)
    source = models.CharField(max_length=16, choices=Source.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # Whether a machine wrote it, or a sentence that a person kept in it; if that is not known, it counts as so.
    has_machine_text = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField("created", default=timezone.now)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=["post", "number"], name="revision_number_once_a_post"),)

    def __str__(self) -> str:
        return f"revision {self.number}"

    def require_visible_title(self) -> None:
        """Raises:
        InvisibleTitle: it is from a time when any title would do.
        """
        if not has_visible(self.title):
            raise InvisibleTitle
