"""Querysets of posts: which ones, their locks, and what is done to many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.deletion import Collector
from django.utils import timezone

from accounts.models import User
from blogs.models.release import Release
from blogs.models.revision import Revision
from blogs.models.status import FIRST_PROGRESS, Progress, Status
from blogs.signals import before_posts_abandoned

if TYPE_CHECKING:
    from blogs.models.post import BlogPost


def has_persons_text() -> Exists:
    """Return a condition for posts: a person wrote or restored the live text."""
    live = Revision.objects.filter(post=OuterRef("pk"), number=OuterRef("revision"))
    return Exists(live.filter(source__in=Revision.OF_PERSONS))


def is_of_deactivated_owner() -> Q:
    """Return a condition for posts: nothing is written for their owners. Users' rows are not joined, nor locked."""
    return Q(owner__in=User.objects.filter(is_active=False))


def waits_for_review() -> Q:
    """Return a condition for posts: readers do not see the newest text, and it is not scheduled."""
    return Q(revision__gt=0, publish_at=None) & ~Q(released_revision__isnull=False, released_revision=F("revision"))


class BlogPostQuerySet(models.QuerySet["BlogPost"]):
    def of(self, owner: User) -> Self:
        return self.filter(owner=owner)

    def newest_first(self) -> Self:
        return self.order_by("-id")

    def released(self) -> Self:
        """Of which readers see a text; by the column that indexes have."""
        return self.filter(released_at__isnull=False)

    def unreleased(self) -> Self:
        return self.filter(released_at=None)

    def waiting_for_review(self) -> Self:
        """With a newest text that readers do not see, and that is not scheduled."""
        return self.filter(waits_for_review())

    def locked(self, pk: int) -> BlogPost:
        """Return the post with its row locked until the transaction ends.

        Every transaction locks the post's row first and its generations after it, so that no two deadlock.
        SQLite locks the whole database from the start of a transaction, which does the same.
        """
        return self.select_for_update().get(pk=pk)

    def show_progress(self, stage: str, done: int, total: int) -> int:
        """Show the writer's progress; return how many posts were in progress. One statement, no other lock."""
        progress: Progress = {"stage": stage, "done": done, "total": total}
        return self.filter(status=Status.IN_PROGRESS).update(progress=progress, version=F("version") + 1)

    def start(self) -> int:
        """Show that the posts are in progress; their rows must be locked."""
        return self.update(
            status=Status.IN_PROGRESS,
            failure=None,
            progress=FIRST_PROGRESS[Status.IN_PROGRESS],
            version=F("version") + 1,
            updated_at=timezone.now(),
        )

    def publish_due(self, limit: int) -> int:
        """Publish what is scheduled and due, each post in its own transaction; return how many.

        Any number of workers may do it at once, and may be killed: each release happens once. Posts that somebody
        holds are passed over.

        Args:
            limit: posts.
        """
        done = 0
        for release in Release.objects.due().order_by("moment", "pk")[:limit]:
            with transaction.atomic():
                post = self.select_for_update(skip_locked=True).filter(pk=release.post_id).first()
                done += bool(post and post.keep_schedule(release))
        return done

    def hand_over(self, heir: int | None) -> int:
        """Make the posts another user's, by the key, or nobody's; their rows must be locked."""
        return self.update(owner=heir, version=F("version") + 1)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete posts with all that is theirs. Their rows are locked first: nothing lands on them meanwhile."""
        with transaction.atomic():
            locked = list(self.select_related(None).only("pk").order_by("pk").select_for_update(of=("self",)))
            keys = [post.pk for post in locked]
            before_posts_abandoned.send(sender=self.model, posts=self.model._default_manager.filter(pk__in=keys))
            # Not by the filter again: a post that matches only since then is not locked.
            collector = Collector(using=self.db, origin=self)
            collector.collect(locked)
            return collector.delete()
