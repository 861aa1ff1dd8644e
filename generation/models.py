"""Generations: one row for each run of the writer, the truth that the queue's messages only point at."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from blogs.models import BRIEF_MAX_LENGTH, TITLE_MAX_LENGTH, BlogPost, Revision


class State(models.TextChoices):
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


UNFINISHED = (State.PENDING, State.IN_PROGRESS)


def from_now(seconds: float) -> models.Expression:
    """Return the moment `seconds` from now by the database's clock: hosts' clocks differ."""
    return models.ExpressionWrapper(Now() + timedelta(seconds=seconds), models.DateTimeField())


class GenerationQuerySet(models.QuerySet["Generation"]):
    def unfinished(self) -> Self:
        return self.filter(status__in=UNFINISHED)

    def waiting(self) -> Self:
        """Due to be claimed: pending and its pause over."""
        return self.filter(Q(not_before=None) | Q(not_before__lte=Now()), status=State.PENDING)

    def held(self) -> Self:
        """Being written now."""
        return self.filter(status=State.IN_PROGRESS, lease_until__gte=Now())

    def abandoned(self) -> Self:
        """In progress, but whoever wrote it has not renewed the lease."""
        return self.filter(status=State.IN_PROGRESS, lease_until__lt=Now())

    def claimable(self) -> Self:
        return self.waiting() | self.abandoned()

    def in_turn(self) -> Self:
        """Urgent ones first, then the oldest."""
        return self.order_by("-urgent", "id")


class Generation(models.Model):
    class Landing(models.TextChoices):
        LANDED = "landed"
        PROPOSED = "proposed"

    post = models.ForeignKey(BlogPost, on_delete=models.CASCADE, related_name="generations")
    number = models.PositiveIntegerField()
    brief_title = models.CharField(max_length=TITLE_MAX_LENGTH)
    brief = models.TextField(max_length=BRIEF_MAX_LENGTH, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    urgent = models.BooleanField(default=True)
    # The post's revision when the text was asked for: it lands on that one or becomes a proposal.
    base_revision = models.PositiveIntegerField()

    status = models.CharField(max_length=16, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    deaths = models.PositiveSmallIntegerField("attempts whose worker died", default=0)
    token = models.UUIDField(null=True)  # whoever holds it may write this row
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField("next attempt", null=True)
    worker = models.CharField(max_length=80, blank=True)

    stage = models.CharField(max_length=16, blank=True)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)

    title = models.CharField(max_length=TITLE_MAX_LENGTH, blank=True)
    content = models.TextField("text", blank=True)
    landing = models.CharField(max_length=16, choices=Landing.choices, blank=True)
    revision = models.OneToOneField(Revision, null=True, on_delete=models.SET_NULL, related_name="generation")
    failure_code = models.CharField(max_length=32, blank=True)
    failure_message = models.TextField(blank=True)

    provider = models.CharField(max_length=32, blank=True)
    model = models.CharField(max_length=80, blank=True)
    prompt_version = models.CharField(max_length=16, blank=True)
    calls = models.PositiveIntegerField("calls of the model", default=0)
    prompt_tokens = models.PositiveIntegerField(default=0)
    cached_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    # US dollars; null when the model's price is not known.
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    gate = models.JSONField(default=dict)

    created_at = models.DateTimeField("asked for", default=timezone.now)
    started_at = models.DateTimeField("started", null=True)
    finished_at = models.DateTimeField("finished", null=True)

    objects = GenerationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["post", "number"], name="generation_number_once_a_post"),
            models.UniqueConstraint(
                fields=["post"], condition=Q(status__in=UNFINISHED), name="one_unfinished_generation_a_post"
            ),
        )
        indexes = (
            models.Index(
                F("urgent").desc(), F("id"), condition=Q(status__in=UNFINISHED), name="generation_unfinished_in_turn"
            ),
        )

    def __str__(self) -> str:
        return f"generation {self.number}"
