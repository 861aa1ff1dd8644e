"""Fetching: a worker leases due generations, by a token that only it knows."""

import time
import uuid
from collections.abc import Sequence
from functools import partial

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from blogs.models import BlogPost
from generation.budgets.settlement import Ending, settle_all
from generation.costs import Prices
from generation.llm.paid_answers import PaidAnswers
from generation.models import Generation, State, from_now
from generation.prices.table import known_prices
from generation.queue.claim import Claim, host_of
from generation.queue.locks import unless_held
from generation.queue.losses import give_up, is_used_up
from generation.queue.routes import ECONOMY, Route, Routes
from generation.queue.unwanted import wanted

# Seconds for which one fetch cancels what nobody wants any more, if it finds nothing else: leases are renewed after it.
UNWANTED_FOR = 2.0


def is_due(worker: str, routes: Routes | None = None) -> bool:
    """Whether there is something that this worker may write, and that its provider may be called for now.

    Args:
        worker: its name.
        routes: of this moment, if the caller goes on to use them.
    """
    due, routes = Generation.objects.due(host_of(worker)), routes or Routes()
    return due.exists() and (routes.closed is None or due.exclude(routes.closed).exists())


def fetch_due(limit: int, worker: str, *, poison_max: int = 1) -> list[Claim]:
    """Lease up to `limit` due generations.

    Rows that another worker is fetching at this moment are passed over, and so are those whose provider is paused.

    Args:
        limit: how many generations this worker has room for.
        worker: its name, kept on the row.
        poison_max: how many may be among them that may have killed their workers: a worker writes one of these at a
            time, so that the next death is counted against the one that caused it.
    """
    routes = Routes()
    if not is_due(worker, routes):  # without the write lock that a transaction needs on SQLite
        return []
    ends_at = time.monotonic() + UNWANTED_FOR
    look, nothing = partial(fetch_once, limit, worker, routes, poison_max), (list[Claim](), True)
    claims, is_complete = unless_held(look, nothing)
    while not (claims or is_complete) and time.monotonic() < ends_at:
        claims, is_complete = unless_held(look, nothing)
    return claims


def fetch_once(limit: int, worker: str, routes: Routes, poison_max: int) -> tuple[list[Claim], bool]:
    """Look once at the first due rows; return claims, and whether none of these rows had to be cancelled.

    Call it in a transaction.
    """
    endings: list[Ending] = []
    due = Generation.objects.due(host_of(worker)).in_fair_order().select_related("post").annotate(asks_economy=ECONOMY)
    due = due.select_for_update(skip_locked=True, of=("self", "post"))
    if routes.closed is not None:
        due = due.exclude(routes.closed)
    if not poison_max:
        due = due.without_poison()
    rows = list(due[:limit])
    fit = wanted(rows, endings)
    tried = [generation for generation in fit if give_up_or_retry(generation, endings)]
    held_back = [generation for generation in tried if generation.may_be_poison][poison_max:]
    fetched = [generation for generation in tried if generation not in held_back]
    claims = lease(fetched, worker, routes)
    settle_all(endings)
    return claims, len(fit) == len(rows)


def give_up_or_retry(generation: Generation, endings: list[Ending]) -> bool:
    """Whether another attempt is due; what a silent host leaves with its attempts used up is ended."""
    if generation.status == State.IN_PROGRESS and is_used_up(generation):
        generation.unreachable += 1
        endings.append(give_up(generation))
        return False
    return True


def lease(generations: Sequence[Generation], worker: str, routes: Routes) -> list[Claim]:
    """Lease locked rows to this worker, in statements that do not grow in number with them."""
    if not generations:
        return []
    token = uuid.uuid4()
    rows = Generation.objects.filter(pk__in=[generation.pk for generation in generations])
    lost = [generation.pk for generation in generations if generation.status == State.IN_PROGRESS]
    if lost:
        rows.filter(pk__in=lost).update(unreachable=F("unreachable") + 1)
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
    routed = [(generation, routes.route_of(generation)) for generation in generations]
    keep_detours(routed)
    prices = known_prices()
    return [claim_of(generation, token, worker, route, prices) for generation, route in routed]


def keep_detours(routed: Sequence[tuple[Generation, Route]]) -> None:
    """Note on the generations that now go to the fallback, or no longer do, why: in one statement for each reason."""
    changed: dict[str, list[int]] = {}
    for generation, route in routed:
        if route.fallback_reason != generation.fallback_reason:
            changed.setdefault(route.fallback_reason, []).append(generation.pk)
    for reason, pks in changed.items():
        Generation.objects.filter(pk__in=pks).update(fallback_reason=reason)


def claim_of(generation: Generation, token: uuid.UUID, worker: str, route: Route, prices: Prices) -> Claim:
    """Return the claim to a row that was read before it was leased."""
    return Claim(
        id=generation.pk,
        post_id=generation.post_id,
        token=token,
        worker=worker,
        provider=route.provider,
        detour=route.detour,
        brief_title=generation.brief_title,
        brief=generation.brief,
        options=generation.options,
        paid_answers=PaidAnswers.of(generation),
        attempts=generation.attempts + 1,
        request_id=generation.request_id,
        may_be_poison=generation.may_be_poison,
        lost_by=generation.worker if generation.status == State.IN_PROGRESS else "",
        spent_before=generation.spent_at_most,
        prices=prices,
    )
