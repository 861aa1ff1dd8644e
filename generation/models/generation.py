"""Generations: one row for each run of the writer, which is the truth; the queue's messages only hint at it."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, Q, When
from django.db.models.functions import Now
from django.utils import timezone

from blogs.models import BRIEF_MAX_LENGTH, MODEL_MAX_LENGTH, TITLE_MAX_LENGTH, BlogPost, Revision
from blogs.options import WritingOptions
from generation.models.site_pause import SitePause


class State(models.TextChoices):
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


UNFINISHED = (State.PENDING, State.IN_PROGRESS)
POISON_AFTER = 2  # deaths; the first may be the doing of another post that the same worker wrote


def from_now(seconds: float) -> models.Expression:
    """Return the moment `seconds` from now by the database's clock: hosts' clocks differ."""
    return models.ExpressionWrapper(Now() + timedelta(seconds=seconds), models.DateTimeField())


QUEUED = Q(status=State.PENDING) & (Q(not_before=None) | Q(not_before__lte=Now()))
ABANDONED = Q(status=State.IN_PROGRESS, lease_until__lte=Now())


class GenerationQuerySet(models.QuerySet["Generation"]):
    def unfinished(self) -> Self:
        """Pending or in progress: by a constraint the same as having no end, for which there is an index."""
        return self.filter(finished_at=None)

    def queued(self) -> Self:
        """Pending, and not waiting for a retry."""
        return self.filter(QUEUED)

    def held(self) -> Self:
        """Leased to a worker."""
        return self.filter(status=State.IN_PROGRESS, lease_until__gt=Now())

    def abandoned(self) -> Self:
        """In progress, but the lease has expired: its worker died, or is silent."""
        return self.filter(ABANDONED)

    def on(self, host: str) -> Self:
        """Leased to a worker of this host, whether the lease has expired or not."""
        return self.filter(status=State.IN_PROGRESS, lease_until__isnull=False, worker__startswith=f"{host}:")

    def of_worker(self, *names: str) -> Self:
        """Leased to these workers, whether the lease has expired or not."""
        return self.filter(status=State.IN_PROGRESS, lease_until__isnull=False, worker__in=names)

    def due(self, host: str) -> Self:
        """What a worker of this host may fetch; nothing while all writing is paused.

        An expired lease is for other hosts to take. This one knows which of its processes live: what a living one
        holds is not taken from it, however long it is silent, and what a dead one held is queued again.
        """
        elsewhere = ABANDONED & ~Q(worker__startswith=f"{host}:")
        return self.filter(QUEUED | elsewhere, ~Exists(SitePause.objects.all()), finished_at=None)

    def without_poison(self) -> Self:
        return self.exclude(deaths__gte=POISON_AFTER)

    def proposed(self) -> Self:
        """Finished texts that wait for a person's decision."""
        return self.filter(landing="proposed")

    def newest_first(self) -> Self:
        """Of one post: only the first can be unfinished, and is found however many of others are queued."""
        return self.order_by("-number")

    def in_fair_order(self) -> Self:
        """Urgent ones first, then owner by owner, then the oldest."""
        # The first is the same for all, but begins the index.
        return self.order_by("finished_at", "-urgent", "turn", "id")


class Generation(WritingOptions):
    class Landing(models.TextChoices):
        LANDED = "landed"
        PROPOSED = "proposed"
        ACCEPTED = "accepted"
        DISCARDED = "discarded"

    post = models.ForeignKey(BlogPost, on_delete=models.CASCADE, related_name="generations", db_index=False)
    number = models.PositiveIntegerField()
    brief_title = models.CharField(max_length=TITLE_MAX_LENGTH)
    brief = models.TextField(max_length=BRIEF_MAX_LENGTH, blank=True)
    # Empty for the default; `model` is the one that wrote.
    requested_model = models.CharField(max_length=MODEL_MAX_LENGTH, blank=True, default="", db_default="")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    request_id = models.CharField(max_length=64, blank=True)  # of the HTTP request, if one caused it
    # The place in the queue: urgent ones first, then the lowest `turn` (see `queue/fair_order.py`).
    urgent = models.BooleanField(default=True)
    # Only for the fair order: the post may be another's by now.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    turn = models.BigIntegerField(default=0)
    # The post's revision when the text was requested: it lands on that one or becomes a proposal.
    base_revision = models.PositiveIntegerField()
    # The live text is a person's, and nobody asked to replace it: the text becomes a proposal in any case.
    proposes_only = models.BooleanField(default=False, db_default=False)

    status = models.CharField(max_length=16, choices=State.choices, default=State.PENDING)
    economy = models.BooleanField("at half price, if it may wait", default=False, db_default=False)
    economy_until = models.DateTimeField(null=True)
    # Why its attempts go to the fallback, a failure code; empty while they go to the first provider.
    fallback_reason = models.CharField(max_length=32, blank=True, default="", db_default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    deaths = models.PositiveSmallIntegerField("attempts whose worker died", default=0)
    unreachable = models.PositiveSmallIntegerField("attempts taken over from a silent host", default=0, db_default=0)
    token = models.UUIDField(null=True)  # of the lease: only the worker that knows it may write this row
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
    # What the model's server said.
    failure_details = models.TextField("for staff", blank=True, default="", db_default="")

    provider = models.CharField(max_length=32, blank=True)
    model = models.CharField(max_length=MODEL_MAX_LENGTH, blank=True)
    prompt_version = models.CharField(max_length=16, blank=True)
    calls = models.PositiveIntegerField("model calls", default=0)
    prompt_tokens = models.PositiveIntegerField(default=0)
    cached_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    # US dollars; null when the model's price is not known.
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    # Whose budgets of which day it is charged to; see `budgets/accounts.py`. Empty for none.
    accounts = models.CharField(max_length=64, blank=True, default="", db_default="")
    charged_on = models.DateField(null=True)
    # Millionths of a US dollar: what these budgets hold for it, and what it can have cost, with calls in flight.
    reserved = models.BigIntegerField(default=0, db_default=0)
    spent_at_most = models.BigIntegerField(default=0, db_default=0)
    gate = models.JSONField(default=dict)
    # What the checks found in the text: name, sentence, detail and note of each.
    warnings = models.JSONField(default=list, db_default=[])
    # Sampling, seed, seconds by stage, the house style's hash and the like: how the text can be accounted for.
    provenance = models.JSONField(default=dict, db_default={})
    # Answers of the model that are paid for, kept until the text lands so that no other attempt buys them again.
    steps = models.JSONField(null=True, default=None)

    # By the database's clock, which its age is compared with: hosts' clocks differ.
    created_at = models.DateTimeField("requested", default=timezone.now, db_default=Now())
    started_at = models.DateTimeField("started", null=True)
    finished_at = models.DateTimeField("finished", null=True)

    objects = GenerationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["post", "number"], name="generation_number_once_a_post"),
            models.UniqueConstraint(
                fields=["post"], condition=Q(finished_at=None, number__gt=0), name="one_unfinished_generation_a_post"
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNFINISHED, finished_at=None)
                | Q(finished_at__isnull=False) & ~Q(status__in=UNFINISHED),
                name="generation_finished_at_its_end",
            ),
        )
        # The history grows for years, and the cost of looking for work must not. No index is of the unfinished alone:
        # PostgreSQL takes that for empty until its next ANALYZE, and reads all of it instead of looking up a row.
        # Hence too the constraint's second condition, which is always true: it keeps queries off that index.
        indexes = (
            models.Index(F("finished_at"), F("urgent").desc(), F("turn"), F("id"), name="generation_in_turn"),
            models.Index(
                F("owner"), F("urgent"), Case(When(finished_at=None, then=F("turn"))), name="generation_turns_of_owner"
            ),
            models.Index(fields=["post"], condition=Q(landing="proposed"), name="generation_proposals"),
            models.Index("lease_until", condition=Q(lease_until__isnull=False), name="generation_leases"),
        )

    def __str__(self) -> str:
        return f"generation {self.number}"

    @property
    def may_be_poison(self) -> bool:
        """Whether its workers died so often that it may be the cause."""
        return self.deaths >= POISON_AFTER

    @property
    def failure_for_staff(self) -> str:
        """Why the last attempt failed, with the part that is for staff only."""
        return f"{self.failure_message} {self.failure_details}".strip()

    @property
    def age(self) -> float:
        """Seconds since its request."""
        return (timezone.now() - self.created_at).total_seconds()


def has_proposal() -> Q:
    """Return a condition for posts: a proposal waits for a decision."""
    return Q(pk__in=Generation.objects.proposed().values("post"))
