"""The two texts of a post: the live one, and the one that readers see since it was released."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from blogs.models.disclosure import Disclosure, disclosure
from blogs.models.folding import fold
from blogs.models.limits import TITLE_MAX_LENGTH
from blogs.models.release import NothingToPublish, NotPublished, Release
from blogs.models.revision import Revision

LIVE = ("title", "content", "revision", "updated_at")
RELEASE = ("released_revision", "released_at", "ai_disclosure", "publish_at")


def publishes_at_once() -> bool:
    """Whether a new text is public without a person who releases it."""
    return bool(settings.PUBLISH == "at_once")


class ReleasedText(models.Model):
    """The live text of a post, which is its newest, and the released one, which readers see: a revision."""

    title = models.CharField(max_length=TITLE_MAX_LENGTH)
    content = models.TextField("text", blank=True, default="", help_text="The live text, in Markdown.")
    # The number of the live text's Revision; 0 before the first.
    revision = models.PositiveIntegerField(default=0, editable=False)
    # The number of the Revision that readers see; null: none.
    released_revision = models.PositiveIntegerField(null=True, default=None, editable=False)
    released_at = models.DateTimeField("released", null=True, default=None, editable=False)
    # Of the released text
    ai_disclosure = models.CharField(max_length=16, choices=Disclosure.choices, null=True, default=None, editable=False)
    # When the scheduled Release is due
    publish_at = models.DateTimeField("scheduled for", null=True, default=None, editable=False)
    # The title that readers see, without its case; empty if they see none.
    folded_title = models.TextField(default="", db_default="", editable=False)
    updated_at = models.DateTimeField("updated", default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save, with the title that readers see folded."""
        if update_fields is None or not {"title", *RELEASE}.isdisjoint(update_fields):
            self.fold_title()
            update_fields = update_fields and {*update_fields, "folded_title"}
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def is_released(self) -> bool:
        return self.released_revision is not None

    @property
    def shows_newest(self) -> bool:
        """Whether readers see the live text, or under `at_once` the title of a post that has no text yet."""
        if self.released_revision is None:
            return not self.revision and publishes_at_once()
        return self.released_revision == self.revision

    @property
    def release(self) -> Release | None:
        """The decision that made the released text public; None if it was nobody's."""
        decisions = Release.objects.filter(
            post=self.pk, revision=self.released_revision or 0, released_at__isnull=False
        )
        return decisions.select_related("by").order_by("-pk").first()

    @property
    def schedule_of_release(self) -> Release | None:
        return Release.objects.scheduled().filter(post=self.pk).select_related("by").first()

    def publish(self, *, by: User, number: int | None = None, is_named: bool = False) -> None:
        """Let readers see a revision from now on; a schedule ends.

        Args:
            number: of the revision; None for the newest.
            is_named: whether the person said which revision they mean, by its number or by the version they read.

        Raises:
            NothingToPublish, InvisibleTitle, Revision.DoesNotExist: nothing is changed.
        """
        with transaction.atomic():
            self.lock()
            revision = self.releasable(number)
            if revision.number == self.released_revision and not self.publish_at and not self.names_more(is_named):
                return
            self.end_schedule()
            self.record_release(revision, by, is_named)
            self.show(revision, is_named)
            self.updated_at = timezone.now()
            self.save(update_fields=[*RELEASE, "updated_at"])

    def schedule(self, moment: datetime, *, by: User, number: int | None = None, is_named: bool = False) -> None:
        """Let readers see a revision from a moment on, instead of an earlier schedule's.

        A text that is released meanwhile, by a person or by itself, ends it.

        Args:
            number: of the revision; None for the one that is the newest now.
            is_named: as for `publish`.

        Raises:
            NothingToPublish, InvisibleTitle, Revision.DoesNotExist: nothing is changed.
        """
        with transaction.atomic():
            self.lock()
            revision = self.releasable(number)
            self.end_schedule()
            Release.objects.create(post_id=self.pk, revision=revision.number, by=by, is_named=is_named, moment=moment)
            self.publish_at = moment
            self.save(update_fields=["publish_at"])

    def unpublish(self) -> None:
        """Show readers no text, until a person publishes one; a schedule ends.

        Raises:
            NotPublished: nothing is changed.
        """
        with transaction.atomic():
            self.lock()
            if not (self.is_released or self.publish_at):
                raise NotPublished
            self.end_schedule()
            self.released_revision = self.released_at = self.ai_disclosure = None
            self.updated_at = timezone.now()
            self.save(update_fields=[*RELEASE, "updated_at"])

    def cancel_schedule(self) -> None:
        """End a schedule, if there is one; readers go on seeing what they see."""
        with transaction.atomic():
            self.lock()
            self.end_schedule()
            self.save(update_fields=["publish_at"])

    def keep_schedule(self, release: Release) -> bool:
        """Do what is scheduled, unless another worker has; return whether it was done. The row must be locked."""
        now = timezone.now()
        if not Release.objects.due().filter(pk=release.pk).update(released_at=now):
            return False
        self.show(self.releasable(release.revision), release.is_named)
        self.updated_at = now
        self.save(update_fields=[*RELEASE, "updated_at"])
        return True

    def release_by_itself(self, revision: Revision, author: User | None, is_named: bool) -> None:
        """Show readers a text that is being added, if that needs nobody's decision; the caller saves.

        After `unpublish`, and where people review, it does.
        """
        if not publishes_at_once() or (revision.number > 1 and not self.is_released):
            return
        self.end_schedule()
        if author:
            self.record_release(revision, author, is_named)
        self.show(revision, is_named)

    def record_release(self, revision: Revision, by: User, is_named: bool) -> None:
        now = timezone.now()
        Release.objects.create(
            post_id=self.pk, revision=revision.number, by=by, is_named=is_named, moment=now, released_at=now
        )

    def show(self, revision: Revision, is_named: bool) -> None:
        """Make a revision the released one; the caller saves."""
        if revision.number != self.released_revision:
            self.released_revision, self.released_at, self.ai_disclosure = revision.number, timezone.now(), None
        if self.ai_disclosure is None or self.names_more(is_named):
            self.ai_disclosure = disclosure(has_machine_text=revision.has_machine_text, is_named=is_named)
        self.folded_title = fold(revision.title)
        self.publish_at = None

    def names_more(self, is_named: bool) -> bool:
        """Whether a release of the released text, again, adds that a person has named it."""
        return is_named and self.ai_disclosure == Disclosure.AI_AUTONOMOUS

    def end_schedule(self) -> None:
        if self.publish_at:
            Release.objects.scheduled().filter(post=self.pk).delete()
            self.publish_at = None

    def releasable(self, number: int | None) -> Revision:
        if not self.revision:
            raise NothingToPublish
        revision = Revision.objects.get(post=self.pk, number=self.revision if number is None else number)
        revision.require_visible_title()
        return revision

    def lock(self) -> None:
        """Lock this post's row until the transaction ends, and reload it."""
        self.refresh_from_db(from_queryset=type(self)._default_manager.select_for_update())

    def fold_title(self) -> None:
        if self.released_revision in (None, self.revision):
            self.folded_title = fold(self.title) if self.is_released or not self.revision else ""
