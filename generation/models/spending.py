"""Who spent what on which day, and on which model: kept when posts and users are deleted."""

from django.db import models

from blogs.models import MODEL_MAX_LENGTH


class Spending(models.Model):
    """Sums of the generations of one account, model and day that have ended.

    `day` is that of the request, whose budget paid. `account` is a user's or the site's: commands request for the site.
    """

    day = models.DateField()
    account = models.CharField(max_length=32)
    model = models.CharField(max_length=MODEL_MAX_LENGTH)
    posts = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    tokens = models.BigIntegerField(default=0)
    cost = models.BigIntegerField(default=0)  # at most, in millionths of a US dollar
    # Generations among them of which not all is known: their cost is what it can have been at most, or has no price.
    uncertain = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=["day", "account", "model"], name="one_sum_of_spending"),)
        indexes = (models.Index(fields=["account", "day"], name="spending_of_account"),)

    def __str__(self) -> str:
        return f"{self.account}, {self.model}, {self.day}"
