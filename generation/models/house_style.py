"""How this site writes."""

from django.db import models

HOUSE_STYLE_MAX_LENGTH = 4000  # characters


class HouseStyle(models.Model):
    """How this site writes: one text, which goes into every prompt of a large model."""

    text = models.TextField(
        blank=True,
        max_length=HOUSE_STYLE_MAX_LENGTH,
        help_text="Rules in plain sentences: spelling, names, what to avoid. The embedded model cannot follow them.",
    )
    updated_at = models.DateTimeField("updated", auto_now=True)

    class Meta:
        verbose_name_plural = "house style"

    def __str__(self) -> str:
        return "House style"

    @classmethod
    def current(cls) -> str:
        """Return the site's text, empty if it has none."""
        return cls.objects.order_by("pk").values_list("text", flat=True).first() or ""
