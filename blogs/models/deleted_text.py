"""What is left of deleted texts in which a machine has a part: hashes of their sentences."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from blogs.models.disclosure import HASH_BYTES, sentence_hashes
from blogs.models.revision import Revision

SENTENCES = 2000  # of a text; hashes of more would take as much as a text


class DeletedTextQuerySet(models.QuerySet["DeletedText"]):
    def remember(self, post: int, revisions: Iterable[Revision], *, most: int) -> None:
        """Keep the hashes of a post's revisions, which are about to be deleted, and of no more than the newest `most`.

        As many as a person's text is compared with, so no deletion makes a machine's text look like a person's.
        """
        rows = [
            DeletedText(post_id=post, number=revision.number, hashes=hashes_of(revision.content))
            for revision in revisions
        ]
        if not rows:
            return
        self.bulk_create(rows)
        mine = self.filter(post=post)
        newest = mine.order_by("-number").values_list("number", flat=True)
        if oldest := list(newest[most - 1 : most]):
            mine.filter(number__lt=oldest[0]).delete()

    def have_a_sentence_of(self, text: str) -> bool:
        found = list(self.values_list("hashes", flat=True))
        if not found:
            return False
        own = sentence_hashes(text)
        return any(hashes is None or not own.isdisjoint(split(bytes(hashes))) for hashes in found)


class DeletedText(models.Model):
    """A deleted text: a person who keeps a sentence of it still keeps a machine's."""

    post = models.ForeignKey("blogs.BlogPost", on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()  # of the revision
    # Null: too many sentences. What a person keeps of them is not known, and counts as the machine's.
    hashes = models.BinaryField(null=True)

    objects = DeletedTextQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["post", "number"], name="deleted_text_once_a_number"),)

    def __str__(self) -> str:
        return f"deleted revision {self.number}"


def hashes_of(text: str) -> bytes | None:
    hashes = sentence_hashes(text)
    return b"".join(sorted(hashes)) if len(hashes) <= SENTENCES else None


def split(hashes: bytes) -> set[bytes]:
    return {hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES)}
