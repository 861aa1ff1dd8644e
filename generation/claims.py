"""Taking up generations: a claim is a worker's right to write one, by a token that only it knows."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from blogs.models import Status
from generation.failures import FailureCode, GenerationFailed
from generation.ledger import Ledger
from generation.models import Generation, State, from_now
from generation.outcomes import end
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


def claim(limit: int, worker: str, provider: str) -> list[Claim]:
    """Take up to `limit` due generations, whose leases run from now.

    Rows that another worker is taking at this moment are passed over.

    Args:
        limit: how many calls this worker has room for.
        worker: its name, kept on the row.
        provider: the key of who is to write; nothing is taken while it is paused.
    """
    if not is_due(provider):  # without the write lock that a transaction takes on SQLite
        return []
    with transaction.atomic():
        due = Generation.objects.claimable().in_turn().select_related("post")
        due = due.select_for_update(skip_locked=True, of=("self", "post"))
        claims = [take(generation, worker, provider) for generation in due[:limit]]
    return [claim for claim in claims if claim]


def take(generation: Generation, worker: str, provider: str) -> Claim | None:
    if generation.status == State.IN_PROGRESS:
        generation.deaths += 1
        if generation.deaths >= DEATHS_MAX or generation.attempts >= settings.GENERATION_ATTEMPTS:
            end(generation, GenerationFailed(FailureCode.WORKER_LOST, "The worker died while it wrote this post."))
            return None
    generation.attempts += 1
    claim = Claim(
        id=generation.pk,
        post_id=generation.post_id,
        token=uuid.uuid4(),
        worker=worker,
        provider=provider,
        brief_title=generation.brief_title,
        brief=generation.brief,
        options=generation.options,
        ledger=Ledger.of(generation),
        attempts=generation.attempts,
        request_id=generation.request_id,
    )
    Generation.objects.filter(pk=generation.pk).update(
        status=State.IN_PROGRESS,
        token=claim.token,
        lease_until=from_now(settings.GENERATION_LEASE),
        attempts=generation.attempts,
        deaths=generation.deaths,
        worker=worker,
        not_before=None,
        started_at=Now(),
        stage="",
        done=0,
        total=0,
    )
    generation.post.set_status(Status.IN_PROGRESS)
    return claim
