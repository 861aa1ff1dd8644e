"""Row locks held until the transaction ends: a post's first, then its generations, so that no two deadlock."""

import uuid
from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from blogs.database.outages import is_lock_timeout
from blogs.database.waits import milliseconds, set_lock_timeout
from blogs.models import BlogPost
from blogs.models.released_text import RELEASE
from generation.models import Generation, State
from generation.queue.billing import Total
from generation.queue.claim import Claim

ON_BUDGETS = ("accounts", "charged_on", "reserved", "spent_at_most")
COLUMNS = (
    "post_id",
    "token",
    "base_revision",
    "proposes_only",
    "attempts",
    "content",
    "created_at",
    *ON_BUDGETS,
    *Total._fields,
)
POST_COLUMNS = ("status", "revision", "version", "text_bytes", *RELEASE)
Held = Literal["held"]
HELD: Held = "held"
WAITS_FOR = 0.5  # seconds
Result = TypeVar("Result")


class RowsHeld(OperationalError):
    """Another transaction holds the rows at this moment: to be tried again."""


def wait_briefly() -> None:
    """Have the rest of a worker's transaction wait for rows that cannot be passed over no longer than WAITS_FOR.

    Those of budgets are locked by all, for moments: should one be held for long, the worker still renews its leases.
    """
    set_lock_timeout(milliseconds(WAITS_FOR))


def unless_held(work: Callable[[], Result], otherwise: Result) -> Result:
    """Do something in a transaction that waits briefly; if a row is held all that time, nothing is done.

    Args:
        work: what to do.
        otherwise: what to return then.
    """
    try:
        with transaction.atomic():
            wait_briefly()
            return work()
    except OperationalError as error:
        if not is_lock_timeout(error):
            raise
        return otherwise


def locked(claims: Sequence[Claim]) -> list[Generation | Held | None]:
    """Lock each claim's row, after its post's row, and return it.

    This is the comparison of a compare-and-set; the set is what is written into a row that it returned. It does not
    wait for a row, and its transaction no longer than WAITS_FOR: one that somebody holds would keep all others waiting.

    Returns:
        for each claim its row, HELD if another transaction holds that or its post's, or None if the claim no longer
        holds.
    """
    wait_briefly()
    free = BlogPost.objects.filter(pk__in=[claim.post_id for claim in claims]).order_by("pk")
    posts = {post.pk: post for post in free.select_for_update(skip_locked=True).only(*POST_COLUMNS)}
    rows = in_progress(claims).select_for_update(skip_locked=True).only(*COLUMNS)
    found: dict[tuple[int, uuid.UUID | None], Generation | Held] = {}
    for row in rows:
        if post := posts.get(row.post_id):
            row.post, found[row.pk, row.token] = post, row
    if missing := [claim for claim in claims if (claim.id, claim.token) not in found]:
        found |= dict.fromkeys(in_progress(missing).values_list("pk", "token"), HELD)
    return [found.get((claim.id, claim.token)) for claim in claims]


def locked_one(claim: Claim) -> Generation | None:
    """Lock a claim's row, after its post's row, and return it; None if the claim no longer holds.

    Raises:
        RowsHeld: another transaction holds one of the two.
    """
    (row,) = locked([claim])
    if isinstance(row, str):
        raise RowsHeld
    return row


def in_progress(claims: Sequence[Claim]) -> QuerySet[Generation]:
    """Return the rows of these claims that some worker holds."""
    return Generation.objects.filter(pk__in=[claim.id for claim in claims], status=State.IN_PROGRESS)


def row_of(generation: Generation) -> QuerySet[Generation]:
    return Generation.objects.filter(pk=generation.pk)


def unfinished(post: BlogPost) -> Generation | None:
    """Return the unfinished generation of a post, with its row held; None if there is none."""
    generation = post.generations.newest_first().select_for_update().first()
    return None if generation is None or generation.finished_at else generation
