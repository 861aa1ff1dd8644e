"""Posts: the brief, the live text, and how both change."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from blogs.fast_insert import insert
from blogs.models.folding import fold
from blogs.models.indexes import INDEXES
from blogs.models.kept_texts import KeptTexts
from blogs.models.limits import BRIEF_MAX_LENGTH, MODEL_MAX_LENGTH, TITLE_MAX_LENGTH
from blogs.models.post_queryset import BlogPostQuerySet, has_persons_text
from blogs.models.released_text import LIVE, RELEASE
from blogs.models.revision import Revision
from blogs.models.status import FIRST_PROGRESS, Failure, Status
from blogs.options import WritingOptions
from blogs.signals import before_posts_abandoned, generation_requested


class BlogPost(WritingOptions, KeptTexts):
    # A foreign key that begins one of INDEXES has no other: each costs every insert a page. Null: nobody's.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="posts",
        db_index=False,
    )
    # The brief for the next generation; each generation keeps a copy of its own.
    brief_title = models.CharField(max_length=TITLE_MAX_LENGTH, editable=False)
    brief = models.TextField(
        blank=True,
        default="",
        max_length=BRIEF_MAX_LENGTH,
        help_text="Notes for the writer. Changing them regenerates the post; the live text stays until then.",
    )
    # Of settings.MODELS, for the next generation; empty for the default, whichever that is by then.
    model = models.CharField(max_length=MODEL_MAX_LENGTH, blank=True, default="", db_default="")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PENDING, editable=False)
    failure = models.JSONField(null=True, default=None, editable=False)  # of the newest generation, if it failed
    progress = models.JSONField(null=True, default=None, editable=False)  # of the unfinished generation
    # Goes up with every change: id and version make the ETag.
    version = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField("created", default=timezone.now, editable=False)

    objects = BlogPostQuerySet.as_manager()

    class Meta:
        verbose_name = "post"
        indexes = INDEXES

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save and count up the version. The row must be locked, or new."""
        self.version += 1
        if update_fields is not None:
            update_fields = {*update_fields, "version"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            mine = BlogPost.objects.filter(pk=self.pk)
            mine.select_for_update().first()
            before_posts_abandoned.send(sender=BlogPost, posts=mine)
            return super().delete(*args, **kwargs)

    def submit(self, *, requested_by: User) -> None:
        """Save this new post and request its generation."""
        with transaction.atomic():
            self.progress = FIRST_PROGRESS[Status.PENDING]
            self.insert()
            generation_requested.send(sender=BlogPost, post=self, requested_by=requested_by, urgent=True)

    def submit_own_text(self, content: str, *, author: User) -> None:
        """Save this new post with a person's text, word for word; nothing is generated."""
        with transaction.atomic():
            self.status = Status.COMPLETED
            self.insert()
            self.add_revision(self.title, content, source=Revision.Source.HUMAN, author=author)

    def insert(self) -> None:
        self.brief_title, self.folded_title = self.title, fold(self.title)
        self.version, self.text_bytes = 1, 0
        insert(self)  # no lock: nobody else can see the row yet

    def rewrite(
        self,
        *,
        title: str,
        brief: str,
        requested_by: User,
        options: Mapping[str, str] | None = None,
        model: str | None = None,
    ) -> None:
        """Replace the brief and request a generation; the live title and text stay until that lands.

        Args:
            options: of `blogs.options.CHOICES`; omitted ones stay as they are.
            model: as for `request_generation`.
        """
        with transaction.atomic():
            self.lock()
            self.change_brief({"brief_title": title, "brief": brief})
            self.request_generation(requested_by=requested_by, options=options, model=model)

    def change_brief(self, changes: Mapping[str, str]) -> None:
        """Change what the next generation is written from; an unfinished one goes on with its own brief.

        The row must be locked. A post without a text has the title of its brief.

        Args:
            changes: of `brief_title`, `brief`, `model` and the options.
        """
        for name, value in changes.items():
            setattr(self, name, value)
        if not self.revision:
            self.title = self.brief_title
        self.save(update_fields=["title", *changes])

    def request_generation(
        self,
        *,
        requested_by: User | None = None,
        urgent: bool = True,
        economy: bool = False,
        options: Mapping[str, str] | None = None,
        model: str | None = None,
        replace_human: bool = True,
    ) -> None:
        """Request a generation from the current brief: the one way to the queue for API, admin and commands.

        Args:
            requested_by: None for the operator of the service.
            urgent: False for bulk work, which lets urgent requests go first.
            economy: whether it may wait for a provider's tier at half the price.
            options: of `blogs.options.CHOICES`, from now on; omitted ones stay as they are.
            model: one of settings.MODELS, from now on; "" for the default, None to leave it as it is.
            replace_human: False for bulk work: a live text that a person wrote or restored gets a proposal beside it.
        """
        changes = dict(options or {}) | ({} if model is None else {"model": model})
        with transaction.atomic():
            self.lock()
            for name, value in changes.items():
                setattr(self, name, value)
            self.set_status(Status.PENDING, fields=changes)
            generation_requested.send(
                sender=BlogPost,
                post=self,
                requested_by=requested_by,
                urgent=urgent,
                economy=economy,
                proposes_only=not replace_human and BlogPost.objects.filter(has_persons_text(), pk=self.pk).exists(),
            )

    def edit(self, *, title: str, content: str, author: User, is_named: bool = False) -> None:
        """Make a person's text the live one, word for word.

        An unfinished generation goes on and ends as a proposal.

        Args:
            is_named: whether the person said which version they read before.
        """
        with transaction.atomic():
            self.lock()
            if (title, content) == (self.title, self.content):
                return
            self.brief_title = title if title != self.title else self.brief_title
            self.save(update_fields=["brief_title"])
            self.add_revision(title, content, source=Revision.Source.HUMAN, author=author, is_named=is_named)

    def restore(self, revision: "Revision", *, author: User) -> "Revision | None":
        """Make the text of an earlier revision live again, as a new revision; None if that is the live text already.

        An unfinished generation goes on and ends as a proposal.

        Raises:
            InvisibleTitle, RevisionsFull: nothing is changed.
        """
        revision.require_visible_title()
        with transaction.atomic():
            self.lock()
            if (revision.title, revision.content) == (self.title, self.content) and self.revision:
                return None
            return self.add_revision(
                revision.title,
                revision.content,
                source=Revision.Source.RESTORED,
                author=author,
                is_named=True,
                has_machine_text=revision.has_machine_text,
            )

    def land(self, *, title: str, content: str, base_revision: int, proposes_only: bool = False) -> int | None:
        """Make a generated text the live one, unless it is only proposed or the post was changed since `base_revision`.

        Call it in the transaction that ends the generation, with the row locked. Returns the new revision's key, or
        None for a proposal.
        """
        if proposes_only or self.revision != base_revision:
            self.set_status(Status.COMPLETED)
            self.count_proposal(title, content, waits=True)
            return None
        self.status, self.failure, self.progress = Status.COMPLETED, None, None
        return self.add_revision(title[:TITLE_MAX_LENGTH], content, source=Revision.Source.AI).pk

    def add_revision(
        self,
        title: str,
        content: str,
        *,
        source: "Revision.Source",
        author: User | None = None,
        is_named: bool = False,
        has_machine_text: bool | None = None,
    ) -> "Revision":
        """Add a revision and make it live; one by a person also ends a failure. The row must be locked.

        Under `PUBLISH=at_once` readers see it by this, unless the post is unpublished.

        Args:
            is_named: whether the author said which text they mean.
            has_machine_text: None to find out.

        Raises:
            RevisionsFull: nothing is changed.
        """
        revision = Revision(
            post=self, number=self.revision + 1, title=title, content=content, source=source, author=author
        )
        self.keep(revision, has_machine_text)
        self.title, self.content, self.revision = title, content, revision.number
        self.release_by_itself(revision, author, is_named)
        if author and self.status == Status.FAILED:
            self.status, self.failure = Status.COMPLETED, None
        self.updated_at = timezone.now()
        self.save(update_fields=[*LIVE, *RELEASE, "text_bytes", "status", "failure", "progress"])
        return revision

    def set_status(self, status: Status, failure: Failure | None = None, fields: Iterable[str] = ()) -> None:
        self.status, self.failure, self.progress = status, failure, FIRST_PROGRESS.get(status)
        self.updated_at = timezone.now()
        self.save(update_fields=["status", "failure", "progress", "updated_at", *fields])
