"""Generations whose worker is lost: it died, was stopped, or its host is silent. Only a death counts against them."""

from enum import StrEnum
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet

from blogs.models import Status
from generation.budgets.settlement import Ending, settle_all
from generation.failures import FailureCode, GenerationFailed
from generation.models import Generation, State
from generation.queue.billing import ending_of, settled
from generation.queue.failed_attempts import end
from generation.queue.late_bills import left_open
from generation.queue.locks import row_of, unless_held
from generation.queue.log import log_step

DEATHS_MAX = 3  # a brief that kills its worker this often is given up
DIED = "The worker died while it wrote this post."
UNREACHABLE = "The worker's host stopped answering while it wrote this post."


class Loss(StrEnum):
    """How a worker was lost."""

    DIED = "died"
    STOPPED = "stopped"  # by us: it could not hand its generations back itself
    FORGOT = "forgot"  # it lives, but writes them no more: it never learnt that it had leased them, or failed
    UNREACHABLE = "unreachable"  # it may be writing still


def release(generations: QuerySet[Generation], loss: Loss) -> None:
    """Queue again what lost workers were writing, or give it up.

    Rows that another transaction holds at this moment are passed over.

    Args:
        generations: in progress.
        loss: how their workers were lost.
    """
    if not generations.exists():  # without the write lock that a transaction needs on SQLite
        return
    unless_held(partial(release_now, generations, loss), None)


def release_now(generations: QuerySet[Generation], loss: Loss) -> None:
    endings: list[Ending] = []
    rows = generations.order_by("lease_until").select_related("post")
    for generation in rows.select_for_update(skip_locked=True, of=("self", "post")):
        generation.deaths += loss == Loss.DIED
        generation.unreachable += loss == Loss.UNREACHABLE
        log_step("lost", generation, why=loss, deaths=generation.deaths)
        if loss != Loss.STOPPED and is_used_up(generation):
            endings.append(give_up(generation))
        else:
            queue_again(generation, refund=loss == Loss.STOPPED)
    settle_all(endings)


def is_used_up(generation: Generation) -> bool:
    """Whether no other attempt follows a lost one."""
    return generation.deaths >= DEATHS_MAX or generation.attempts >= settings.GENERATION_ATTEMPTS


def queue_again(generation: Generation, *, refund: bool) -> None:
    row_of(generation).update(
        status=State.PENDING,
        token=None,
        lease_until=None,
        attempts=F("attempts") - int(refund),
        **losses(generation),
    )
    generation.post.set_status(Status.PENDING)


def give_up(generation: Generation) -> Ending:
    """End a generation whose workers were lost too often; return its ending, to be settled. The row must be locked."""
    why = DIED if generation.deaths else UNREACHABLE
    total = settled(generation)
    row_of(generation).update(**losses(generation), **total._asdict())
    left = None if generation.deaths else left_open(generation)  # its worker may come back, with more to pay
    end(generation, GenerationFailed(FailureCode.WORKER_LOST, why))
    if left:
        row_of(generation).update(steps=left)
    log_step("given_up", generation, code=FailureCode.WORKER_LOST, **losses(generation))
    return ending_of(generation, total)


def losses(generation: Generation) -> dict[str, Any]:
    return {"deaths": generation.deaths, "unreachable": generation.unreachable}
