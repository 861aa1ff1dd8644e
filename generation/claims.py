"""Taking up generations: a claim is a worker's right to write one, by a token that only it knows."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from blogs.models import BlogPost
from generation.failures import FailureCode, GenerationFailed
from generation.life import age, tell
from generation.llm.paid_answers import Ledger
from generation.models import Generation, State, from_now
from generation.outcomes import end, owed
from generation.pauses import is_paused

DEATHS_MAX = 3  # a brief that kills its worker this often is given up


@dataclass
class Claim:
    """A worker's right to write one generation, and how far it got."""

    id: int
    post_id: int
    token: uuid.UUID
    worker: str
    provider: str
    brief_title: str
    brief: str
    options: dict[str, str]
    ledger: Ledger
    attempts: int
    request_id: str
    is_suspect: bool = False
    lost_by: str = ""  # the worker that died with it
    stage: str = ""
    done: int = 0
    total: int = 0
    text: Sequence[str] = ""  # whole, or in pieces that more are added to
    saved: tuple[str, int, int, int, int] = ("", 0, 0, 0, 0)
    taken_at: float = field(default_factory=time.monotonic)
    written: bool = False  # from here on the outcome is only to be recorded

    def report(self, stage: str, done: int, total: int, text: Sequence[str] | None = None, /) -> None:
        """Note the progress and the text so far; they are saved with the next renewal."""
        self.stage, self.done, self.total = stage, done, total
        self.text = self.text if text is None else text

    @property
    def progress(self) -> tuple[str, int, int]:
        return self.stage, self.done, self.total

    @property
    def state(self) -> tuple[str, int, int, int, int]:
        """What a renewal saves: how far the work is, how much text there is and how many answers are paid for."""
        return *self.progress, len(self.text), self.ledger.paid

    def mine(self) -> Any:
        """Return the row if this claim still holds it."""
        return Generation.objects.filter(pk=self.id, token=self.token, status=State.IN_PROGRESS)


def is_due(provider: str) -> bool:
    """Whether there is something to write, and the provider may be asked now."""
    return Generation.objects.claimable().exists() and not is_paused(provider)


def claim(limit: int, worker: str, provider: str, *, suspects: int = 1) -> list[Claim]:
    """Take up to `limit` due generations, whose leases run from now.

    Rows that another worker is taking at this moment are passed over.

    Args:
        limit: how many calls this worker has room for.
        worker: its name, kept on the row.
        provider: the key of who is to write; nothing is taken while it is paused.
        suspects: how many may be among them that may have killed their workers: a worker writes one of these at a
            time, so that the next death is laid to the one that caused it.
    """
    if not is_due(provider):  # without the write lock that a transaction takes on SQLite
        return []
    with transaction.atomic():
        due = Generation.objects.claimable().in_turn().select_related("post")
        due = due.select_for_update(skip_locked=True, of=("self", "post"))
        if not suspects:
            due = due.without_suspects()
        tried = [generation for generation in due[:limit] if may_be_tried(generation)]
        held_back = [generation for generation in tried if generation.is_suspect][suspects:]
        return take([generation for generation in tried if generation not in held_back], worker, provider)


def may_be_tried(generation: Generation) -> bool:
    """Whether another attempt is due; one whose workers die of it, or whose attempts are used up, is ended."""
    if generation.status == State.IN_PROGRESS:
        generation.deaths += 1
        if generation.deaths >= DEATHS_MAX or generation.attempts >= settings.GENERATION_ATTEMPTS:
            lost = GenerationFailed(FailureCode.WORKER_LOST, "The worker died while it wrote this post.")
            end(generation, lost, **owed(generation))
            tell("given_up", generation, age(generation), code=lost.code, deaths=generation.deaths)
            return False
    return True


def take(generations: Sequence[Generation], worker: str, provider: str) -> list[Claim]:
    """Mark locked rows as this worker's, in statements that do not grow in number with them."""
    if not generations:
        return []
    token = uuid.uuid4()
    rows = Generation.objects.filter(pk__in=[generation.pk for generation in generations])
    lost = [generation.pk for generation in generations if generation.status == State.IN_PROGRESS]
    if lost:
        rows.filter(pk__in=lost).update(deaths=F("deaths") + 1)
    rows.update(
        status=State.IN_PROGRESS,
        token=token,
        lease_until=from_now(settings.GENERATION_LEASE),
        attempts=F("attempts") + 1,
        worker=worker,
        not_before=None,
        started_at=Now(),
        stage="",
        done=0,
        total=0,
    )
    BlogPost.objects.filter(pk__in=[generation.post_id for generation in generations]).start()
    return [
        Claim(
            id=generation.pk,
            post_id=generation.post_id,
            token=token,
            worker=worker,
            provider=provider,
            brief_title=generation.brief_title,
            brief=generation.brief,
            options=generation.options,
            ledger=Ledger.of(generation),
            attempts=generation.attempts + 1,
            request_id=generation.request_id,
            is_suspect=generation.is_suspect,
            lost_by=generation.worker if generation.status == State.IN_PROGRESS else "",
        )
        for generation in generations
    ]
