"""Renewal of leases, which also saves how far the writer is."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from blogs.models import BlogPost
from generation.models import Generation, State, from_now
from generation.queue.claim import Claim, Snapshot


def renew(claims: Sequence[Claim]) -> list[Claim]:
    """Extend the leases, save the progress, and return the claims whose lease is lost.

    Rows that another transaction holds at this moment are passed over: waiting for several at once could end in a
    deadlock. They are renewed next time, or are lost by then.
    """
    moved = [claim for claim in claims if not claim.is_saved]
    shown = [claim for claim in moved if claim.snapshot.progress != claim.saved.progress]
    with transaction.atomic():
        free = held(claims).select_for_update(skip_locked=True)
        mine = set(free.values_list("pk", "token"))
        # Each row once: after a second update PostgreSQL checks its foreign keys at COMMIT, and so waits for the post.
        snapshots = [(claim, save_progress(claim)) for claim in moved if (claim.id, claim.token) in mine]
        unmoved = {pk for pk, _ in mine} - {claim.id for claim, _ in snapshots}
        Generation.objects.filter(pk__in=unmoved).update(lease_until=from_now(settings.GENERATION_LEASE))
    for claim, snapshot in snapshots:  # only now it is certain
        claim.saved = snapshot
    show_progress([claim for claim in shown if (claim.id, claim.token) in mine])
    missing = [claim for claim in claims if (claim.id, claim.token) not in mine]
    passed_over = set(held(missing).values_list("pk", "token"))
    return [claim for claim in missing if (claim.id, claim.token) not in passed_over]


def held(claims: Sequence[Claim]) -> QuerySet[Generation]:
    """Return the rows of these claims that some of their tokens hold; those that were fetched together share one."""
    ids, tokens = [claim.id for claim in claims], {claim.token for claim in claims}
    return Generation.objects.filter(pk__in=ids, token__in=tokens, status=State.IN_PROGRESS)


def save_progress(claim: Claim) -> Snapshot:
    """Extend the lease of a claim whose writer has moved on, save how far it is, and return what was saved."""
    snapshot = claim.snapshot
    more: dict[str, Any] = {"content": "".join(claim.text)} if claim.text else {}
    if snapshot.calls != claim.saved.calls:
        more["steps"] = claim.paid_answers.as_json()
    lease_until = from_now(settings.GENERATION_LEASE)
    Generation.objects.filter(pk=claim.id).update(lease_until=lease_until, **snapshot.progress, **more)
    return snapshot


def show_progress(claims: Sequence[Claim]) -> None:
    """Show on the posts how far the writer is; those that another transaction holds at this moment are passed over."""
    if not claims:
        return
    with transaction.atomic():
        free = BlogPost.objects.filter(pk__in=[claim.post_id for claim in claims])
        pks = set(free.select_for_update(skip_locked=True).values_list("pk", flat=True))
        for claim in claims:
            if claim.post_id in pks:
                BlogPost.objects.filter(pk=claim.post_id).show_progress(**claim.snapshot.progress)
