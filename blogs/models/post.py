"""Posts, their briefs and every text that was ever live."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone

from accounts.models import User
from blogs.fast_insert import insert
from blogs.models.limits import BRIEF_MAX_LENGTH, TITLE_MAX_LENGTH
from blogs.models.revision import Revision
from blogs.models.status import FIRST_PROGRESS, Failure, Progress, Status
from blogs.options import WritingOptions
from blogs.signals import generation_requested


class BlogPostQuerySet(models.QuerySet["BlogPost"]):
    def of(self, owner: User) -> Self:
        return self.filter(owner=owner)

    def newest_first(self) -> Self:
        return self.order_by("-id")

    def locked(self, pk: int) -> "BlogPost":
        """Return the post with its row held until the transaction ends.

        The post's row is the first that any transaction takes, its generations come after: so no two wait for each
        other. SQLite holds the whole database from the start of a transaction, which does the same.
        """
        return self.select_for_update().get(pk=pk)

    def report(self, stage: str, done: int, total: int) -> int:
        """Show how far the writer is; return how many posts took it. One statement, which takes no other lock."""
        progress: Progress = {"stage": stage, "done": done, "total": total}
        return self.filter(status=Status.IN_PROGRESS).update(progress=progress, version=F("version") + 1)

    def start(self) -> int:
        """Show that the posts, whose rows must be locked, are being written."""
        return self.update(
            status=Status.IN_PROGRESS,
            failure=None,
            progress=FIRST_PROGRESS[Status.IN_PROGRESS],
            version=F("version") + 1,
            updated_at=timezone.now(),
        )

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            # One statement that takes the posts' rows before the cascade takes those of their generations.
            list(self.select_for_update().order_by("pk").values_list("pk", flat=True))
            return super().delete()


class BlogPost(WritingOptions):
    # Foreign keys that begin another index below have none of their own: each costs every insert a page.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="posts", db_index=False)
    title = models.CharField(max_length=TITLE_MAX_LENGTH)
    content = models.TextField("text", blank=True, default="", help_text="What readers see, in Markdown.")
    # The author's words and options for the next generation. The generations keep those of the past ones.
    brief_title = models.CharField(max_length=TITLE_MAX_LENGTH, editable=False)
    brief = models.TextField(
        blank=True,
        default="",
        max_length=BRIEF_MAX_LENGTH,
        help_text="Notes for the writer. Changing them has the post written again; the text stays until then.",
    )
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PENDING, editable=False)
    # {"code", "message", "retryable", "attempts"} of the newest generation if it failed
    failure = models.JSONField(null=True, default=None, editable=False)
    # {"stage", "done", "total"} of the generation under way
    progress = models.JSONField(null=True, default=None, editable=False)
    # Goes up with every change: what clients saw is named by id and version.
    version = models.PositiveBigIntegerField(default=0, editable=False)
    # The number of the live text's Revision; 0 before the first.
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("updated", default=timezone.now, editable=False)

    objects = BlogPostQuerySet.as_manager()

    class Meta:
        verbose_name = "post"
        indexes = (
            models.Index(fields=["owner", "-id"], name="post_owner_newest"),
            models.Index(fields=["status", "-id"], name="post_status_newest"),
            models.Index(fields=["owner", "status", "-id"], name="post_owner_status_newest"),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save, and count the change. The row must be locked, or new."""
        self.version += 1
        if update_fields is not None:
            update_fields = {*update_fields, "version"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            BlogPost.objects.filter(pk=self.pk).select_for_update().first()
            return super().delete(*args, **kwargs)

    def submit(self, *, requested_by: User) -> None:
        """Save this new post, its title and brief as the author wrote them, and ask for its text."""
        with transaction.atomic():
            self.brief_title = self.title
            self.progress = FIRST_PROGRESS[Status.PENDING]
            self.version = 1
            insert(self)  # nobody else can see the row yet: no need to lock it
            generation_requested.send(sender=BlogPost, post=self, requested_by=requested_by, urgent=True)

    def rewrite(self, *, title: str, brief: str, requested_by: User, options: Mapping[str, str] | None = None) -> None:
        """Take a new brief and ask for a new text; the old one stays live until that lands.

        Args:
            options: of `blogs.options.CHOICES`; those that are left out stay.
        """
        with transaction.atomic():
            self.lock()
            self.title = self.brief_title = title
            self.brief = brief
            self.save(update_fields=["title", "brief_title", "brief"])
            self.request_generation(requested_by=requested_by, options=options)

    def request_generation(
        self, *, requested_by: User | None = None, urgent: bool = True, options: Mapping[str, str] | None = None
    ) -> None:
        """Ask for a new text from the present brief: the one way to the queue for API, admin and commands.

        Args:
            requested_by: who asks; None for the machine's operator.
            urgent: False lets requests that somebody waits for go first.
            options: of `blogs.options.CHOICES`, from now on; those that are left out stay.
        """
        with transaction.atomic():
            self.lock()
            for name, value in (options or {}).items():
                setattr(self, name, value)
            self.set_status(Status.PENDING, fields=options or ())
            generation_requested.send(sender=BlogPost, post=self, requested_by=requested_by, urgent=urgent)

    def edit(self, *, title: str, content: str, author: User) -> None:
        """Make a person's text the live one, word for word.

        A generation under way goes on, and becomes a proposal when it ends.
        """
        with transaction.atomic():
            self.lock()
            if (title, content) == (self.title, self.content):
                return
            self.brief_title = title if title != self.title else self.brief_title
            self.save(update_fields=["brief_title"])
            self.publish(title, content, source=Revision.Source.HUMAN, author=author)

    def restore(self, revision: "Revision", *, author: User) -> "Revision":
        """Make an earlier text the live one again, as a new revision.

        A generation under way goes on, and becomes a proposal when it ends.
        """
        with transaction.atomic():
            self.lock()
            return self.publish(revision.title, revision.content, source=Revision.Source.RESTORED, author=author)

    def land(self, *, title: str, content: str, base_revision: int) -> int | None:
        """Make a machine's text the live one, unless the post was changed since `base_revision`.

        Call it in the transaction that ends the generation, with the row locked. Returns the new revision's key, or
        None when the post has another revision by now: then the text is a proposal.
        """
        if self.revision != base_revision:
            self.set_status(Status.COMPLETED)
            return None
        self.status, self.failure, self.progress = Status.COMPLETED, None, None
        return self.publish(title[:TITLE_MAX_LENGTH], content, source=Revision.Source.AI).pk

    def publish(self, title: str, content: str, *, source: "Revision.Source", author: User | None = None) -> "Revision":
        """Add a revision and make it the live text; one that a person chose ends a failure. The row must be locked."""
        number = self.revision + 1
        revision = Revision.objects.create(
            post=self, number=number, title=title, content=content, source=source, author=author
        )
        self.title, self.content, self.revision = title, content, number
        if author and self.status == Status.FAILED:
            self.status, self.failure = Status.COMPLETED, None
        self.updated_at = timezone.now()
        self.save(update_fields=["title", "content", "revision", "status", "failure", "progress", "updated_at"])
        return revision

    def set_status(self, status: Status, failure: Failure | None = None, fields: Iterable[str] = ()) -> None:
        self.status, self.failure, self.progress = status, failure, FIRST_PROGRESS.get(status)
        self.updated_at = timezone.now()
        self.save(update_fields=["status", "failure", "progress", "updated_at", *fields])

    def lock(self) -> None:
        """Hold this post's row until the transaction ends, and see it as it is now."""
        self.refresh_from_db(from_queryset=BlogPost.objects.select_for_update())


@receiver(pre_delete, sender=settings.AUTH_USER_MODEL)
def hold_posts(instance: User, **kwargs: Any) -> None:
    """Take a user's posts before the cascade takes their generations, as everybody does who takes both."""
    list(BlogPost.objects.filter(owner=instance).select_for_update().order_by("pk").values_list("pk", flat=True))
