"""The pause of all writing."""

from django.conf import settings
from django.db import models
from django.utils import timezone

REASON_MAX_LENGTH = 200  # characters
PAUSED = "Paused since {since:%Y-%m-%d %H:%M} UTC{by}{reason}."
COMMAND = "manage.py pause"
DELETED = "user {id}, who has been deleted"


class SitePause(models.Model):
    """While its one row is there no worker on any host fetches anything; what is being written is finished."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    since = models.DateTimeField(default=timezone.now)
    # Null for the command. No constraint: of a user who was deleted the id stays.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    reason = models.CharField(max_length=REASON_MAX_LENGTH, blank=True)

    class Meta:
        default_permissions = ()
        permissions = (("pause_site", "Can pause and resume all writing"),)
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_pause_of_the_site"),)

    def __str__(self) -> str:
        return self.sentence()

    @classmethod
    def current(cls) -> "SitePause | None":
        """Return the pause if there is one, read together with who paused."""
        return cls.objects.select_related("by").first()

    def sentence(self, *, names: bool = True) -> str:
        """Return since when, by whom and why.

        Args:
            names: whether the reader may know who paused.
        """
        by, reason = f" by {self.who}" if names else "", f": {self.reason.rstrip('.')}" if self.reason else ""
        return PAUSED.format(since=self.since, by=by, reason=reason)

    @property
    def who(self) -> str:
        if self.by_id is None:
            return COMMAND
        return self.by.email if self.by else DELETED.format(id=self.by_id)
