"""Bills of generations that were ended while a worker wrote them: it adds what was in flight when it notices.

Who ends such a generation bills what was saved, and leaves on the row of which lease and how much that was. The worker
that held the lease adds the difference to what it has really spent, and takes that mark away: nothing is billed twice.
If it dies before that, the bill lacks what was in flight.
"""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from generation.costs import Usage
from generation.llm.paid_answers import PaidAnswers
from generation.models import Generation, State
from generation.queue.billing import Bill, Total
from generation.queue.claim import Claim
from generation.queue.locks import row_of


def left_open(generation: Generation) -> dict[str, Any] | None:
    """Return what to leave in the `steps` of a generation that is being ended; nothing if no worker holds it."""
    if generation.status != State.IN_PROGRESS:
        return None
    return {"token": str(generation.token), "usage": astuple(PaidAnswers.of(generation).usage)}


def bill_rest(claims: Sequence[Claim]) -> list[Claim]:
    """Add what attempts have spent to the bills of their generations, which others have ended.

    Returns:
        those whose row another transaction holds at this moment, to be tried again.
    """
    if not claims:
        return []
    with transaction.atomic():
        free = open_bills(claims).select_for_update(skip_locked=True).only("steps", *Total._fields)
        rows = {row.pk: row for row in free}
        for claim in claims:
            if row := rows.get(claim.id):
                bill_difference(row, claim)
    held = set(open_bills(claims).values_list("pk", flat=True)) - rows.keys()
    return [claim for claim in claims if claim.id in held]


def open_bills(claims: Sequence[Claim]) -> QuerySet[Generation]:
    ids, tokens = [claim.id for claim in claims], {str(claim.token) for claim in claims}
    return Generation.objects.filter(pk__in=ids, finished_at__isnull=False, steps__token__in=tokens).order_by()


def bill_difference(generation: Generation, claim: Claim) -> None:
    left: dict[str, Any] = generation.steps or {}
    rest = claim.paid_answers.usage - Usage.from_json(left.get("usage", ()))
    if rest and left.get("token") == str(claim.token):
        total = Bill(claim.provider.name, claim.provider.model, rest).added_to(generation)
        row_of(generation).update(steps=None, **total._asdict())
