"""Published prices of models."""

from django.db import models


class ModelPrice(models.Model):
    """What a model costs at the configured provider, in US dollars for a million tokens; see `prices/`.

    Args:
        fresh: of a prompt; `cached` and `written` are for what the provider's cache gave and took.
        output: of an answer.
        source: who says so.
        as_of: the day on which it was so.
    """

    model = models.CharField(max_length=200, unique=True)
    fresh = models.DecimalField(max_digits=12, decimal_places=6)
    cached = models.DecimalField(max_digits=12, decimal_places=6)
    output = models.DecimalField(max_digits=12, decimal_places=6)
    written = models.DecimalField(max_digits=12, decimal_places=6)
    source = models.CharField(max_length=80)
    as_of = models.DateField()

    def __str__(self) -> str:
        return self.model
