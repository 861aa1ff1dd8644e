"""The texts that a post keeps: how many bytes they may take, which go first, and how one is deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.dispatch import Signal

from accounts.refusals import Refusal
from blogs.models.deleted_text import DeletedText
from blogs.models.disclosure import keeps_a_sentence
from blogs.models.release import Release
from blogs.models.released_text import ReleasedText
from blogs.models.revision import Revision
from blogs.models.text_bytes import SIZE, size_of
from blogs.signals import before_revisions_deleted, needed_revisions_asked, texts_beside_asked

MACHINE_TEXTS = 20  # so many of the latest are compared with what a person sends
PIECE = 500  # revisions: databases limit the parameters of a statement
NAMED = 20  # revisions that a refusal names
NO_ROOM = "The texts of a post may take {limit:,} bytes together. Those of this one take {used:,}, and yours {size:,}."
DELETE = "Delete {} first."
SHORTEN = "Even without all that can be deleted there is no room for it."
PROPOSALS = "{:,} of these bytes are proposals: discard those that you do not need."


class RevisionsFull(Refusal):
    """Members: `limit`, `used` and `size` in bytes, and `revisions`, each with its `number` and `bytes`."""

    status = 409
    problem = "revisions-full"
    detail = "The texts of this post take as many bytes as they may. Delete some of its revisions first."


class RevisionNeeded(Refusal):
    status = 409
    problem = "state-conflict"
    detail = (
        "This revision is live, public or scheduled, or an unfinished generation or a proposal is based on it. "
        "Nothing was deleted."
    )


class KeptTexts(ReleasedText):
    # Of all revisions and the proposals that wait; null until they are counted: a post may be older than the count.
    text_bytes = models.BigIntegerField(null=True, default=None, editable=False)

    class Meta:
        abstract = True

    def keep(self, revision: Revision, has_machine_text: bool | None) -> None:
        """Save a new revision, if there is room or room can be made. The row must be locked; the caller saves it.

        Args:
            has_machine_text: None to find out.

        Raises:
            RevisionsFull: nothing is changed.
        """
        self.make_room(revision)
        found = self.holds_machine_text(revision) if has_machine_text is None else has_machine_text
        revision.has_machine_text = found
        revision.save()

    def make_room(self, revision: Revision) -> None:
        """Count a text that is being added, and delete the oldest machine texts if there is no room for all.

        A person's text is refused if that is not enough. A machine's comes in all the same: it is paid for, budgets
        bound how many there are, and as a proposal it would take as many bytes.
        """
        size, most = size_of(revision.title, revision.content), settings.REVISIONS_MAX
        if self.counted_bytes() + size > most:
            used = self.count_bytes()
            going = self.oldest_machine_texts(used + size - most)
            freed = sum(going.values())
            if used + size - freed > most and revision.source in Revision.OF_PERSONS:
                raise self.no_room(used, size, going)
            self.delete_revisions([*going])
            self.text_bytes = used - freed
        self.text_bytes = self.counted_bytes() + size

    def count_proposal(self, title: str, content: str, *, waits: bool) -> None:
        """Count a proposal while it waits for a decision. The row must be locked."""
        if self.text_bytes is None:
            return
        self.text_bytes += size_of(title, content) if waits else -size_of(title, content)
        self.save_bytes()

    def delete_revision(self, number: int) -> None:
        """Delete a revision that a person does not need, whoever wrote it.

        Raises:
            Revision.DoesNotExist, RevisionNeeded: nothing is changed.
        """
        with transaction.atomic():
            self.lock()
            revision = Revision.objects.only("pk").get(post=self.pk, number=number)
            if not self.deletable().filter(pk=revision.pk).exists():
                raise RevisionNeeded
            self.delete_revisions([revision.pk])
            self.count_bytes()
            self.save_bytes()

    def save_bytes(self) -> None:
        """Save the count alone: what the post's ETag stands for is as it was."""
        type(self)._base_manager.filter(pk=self.pk).update(text_bytes=self.text_bytes)

    def counted_bytes(self) -> int:
        return self.count_bytes() if self.text_bytes is None else self.text_bytes

    def count_bytes(self) -> int:
        """Count all bytes, which takes a look at each text; without room that is done whatever was counted before."""
        of_revisions: int = Revision.objects.filter(post=self.pk).aggregate(all=models.Sum(SIZE))["all"] or 0
        self.text_bytes = of_revisions + self.bytes_of_proposals()
        return self.text_bytes

    def bytes_of_proposals(self) -> int:
        return sum(asked(texts_beside_asked, self))

    def deletable(self) -> models.QuerySet[Any]:
        """Return the revisions that nothing needs, with their `size` and without their texts."""
        needed: set[int] = {self.revision, self.released_revision or 0}.union(*asked(needed_revisions_asked, self))
        scheduled = Release.objects.scheduled().filter(post=self.pk).values("revision")
        rest = Revision.objects.filter(~Q(number__in=needed), ~Q(number__in=scheduled), post=self.pk)
        return rest.annotate(size=SIZE).defer("content")

    def oldest_machine_texts(self, wanted: int) -> dict[int, int]:
        """Return the oldest machine texts that may go, until so many bytes are found: keys, and bytes of each.

        None that a person ever released is among them. What was public by itself, with nobody's decision, is not kept
        for that: under `PUBLISH=at_once` that is every text, and no machine text would ever go.
        """
        released = Release.objects.filter(post=self.pk).values("revision")
        texts = self.deletable().filter(~Q(number__in=released), source=Revision.Source.AI).order_by("number")
        found: dict[int, int] = {}
        for key, size in texts.values_list("pk", "size").iterator(PIECE):
            if wanted <= 0:
                break
            found[key] = size
            wanted -= size
        return found

    def delete_revisions(self, keys: Sequence[int]) -> None:
        """Delete revisions; of those with a machine's sentences their hashes stay. The row must be locked."""
        for start in range(0, len(keys), PIECE):
            going = Revision.objects.filter(pk__in=keys[start : start + PIECE])
            # Before their generations are: so does whoever deletes users, in texts and then in generations.
            list(going.order_by("pk").select_for_update().values_list("pk"))
            of_machines = going.filter(has_machine_text=True)[:MACHINE_TEXTS]
            DeletedText.objects.remember(self.pk, of_machines, most=MACHINE_TEXTS)
            before_revisions_deleted.send(sender=Revision, revisions=going)
            going.only("pk").delete()

    def no_room(self, used: int, size: int, going: Mapping[int, int]) -> RevisionsFull:
        """Return a refusal that names the fewest revisions whose deletion makes room.

        Args:
            used: bytes of all texts.
            size: bytes of the text that is refused.
            going: machine texts that need not be named, since they would go by themselves.
        """
        limit, named = settings.REVISIONS_MAX, []
        over = used + size - limit - sum(going.values())
        largest = self.deletable().order_by("-size", "number").values_list("pk", "number", "size")
        for key, number, bytes_ in largest.iterator(PIECE):
            if over <= 0:
                break
            if key not in going:
                named.append({"number": number, "bytes": bytes_})
                over -= bytes_
        sentences = [NO_ROOM.format(limit=limit, used=used, size=size)]
        sentences.append(DELETE.format(listed(named)) if over <= 0 else SHORTEN)
        if beside := self.bytes_of_proposals():
            sentences.append(PROPOSALS.format(beside))
        return RevisionsFull(" ".join(sentences), limit=limit, used=used, size=size, revisions=named)

    def holds_machine_text(self, revision: Revision) -> bool:
        if revision.source == Revision.Source.AI:
            return True
        by_machines = Revision.objects.filter(post=self.pk, has_machine_text=True).order_by("-number")[:MACHINE_TEXTS]
        if keeps_a_sentence(revision.content, by_machines.values_list("content", flat=True)):
            return True
        return DeletedText.objects.filter(post=self.pk).have_a_sentence_of(revision.content)


def asked(signal: Signal, post: KeptTexts) -> list[Any]:
    """Return what each receiver answers."""
    return [answer for _, answer in signal.send(sender=type(post), post=post)]


def listed(found: Sequence[dict[str, int]]) -> str:
    """Return revisions as a part of a sentence: the first of them with their sizes, and how many others."""
    names = [f"{one['number']} ({one['bytes']:,} bytes)" for one in found[:NAMED]]
    if len(found) > NAMED:
        names.append(f"{len(found) - NAMED:,} others")
    start, last = ", ".join(names[:-1]), names[-1]
    word = "revision" if len(found) == 1 else "revisions"
    return f"{word} {start} and {last}" if start else f"{word} {last}"
