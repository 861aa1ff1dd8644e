"""Sums of what has finished."""

from django.db import models


class RunningTotals(models.Model):
    """What finished generations add up to, so that nobody has to read them all again; one row.

    Args:
        until: up to this moment of their end they are in `rows`.
        rows: one for each combination of status, failure, landing and model; see `reporting/totals.py`.
    """

    until = models.DateTimeField()
    rows = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"until {self.until}"
