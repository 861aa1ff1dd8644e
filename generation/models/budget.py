"""What may be spent in a day or a month, and what was spent: counters that reservations are made against."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

# The present month and the last. What was spent before is among the sums of spending, and a bill that comes later still
# adds a row for itself.
KEPT = timedelta(days=62)


class BudgetQuerySet(models.QuerySet["Budget"]):
    def expired(self) -> Self:
        """Return those of days and months long over, unless a generation of theirs is unfinished even so."""
        periods = (Budget.Kind.DAY, Budget.Kind.MONTH, Budget.Kind.POSTS)
        over = self.filter(kind__in=periods, start__lt=timezone.now().date() - KEPT, reserved=0)
        return over.order_by("kind", "start")


class Budget(models.Model):
    """What one account has spent and reserved in one period; money in millionths of a US dollar, for exact sums.

    `account` is one of `generation/budgets/accounts.py`. Without foreign keys: what was spent stays spent when a user
    is deleted, and a landing never waits for a user's row.
    """

    class Kind(models.TextChoices):
        DAY = "day", "a day"
        MONTH = "month", "a month"
        POSTS = "posts", "posts a day"  # of posts: `spent` counts requests
        QUEUE = "queue", "posts in the queue"  # `reserved` counts what is not finished; it has no period

    account = models.CharField(max_length=32)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    start = models.DateField()  # of the period, in UTC
    spent = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)  # by generations that are not finished
    allowed = models.BigIntegerField(null=True)  # when something was reserved last; null for no limit

    objects = BudgetQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = (("view_spending", "Can see what everybody spends"),)
        constraints = (models.UniqueConstraint(fields=["account", "kind", "start"], name="one_budget_a_period"),)
        indexes = (models.Index(fields=["kind", "start"], name="budget_periods"),)

    def __str__(self) -> str:
        return f"{self.account}, {self.get_kind_display()}, {self.start}"
