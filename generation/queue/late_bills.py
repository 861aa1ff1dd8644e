"""Bills of generations that were ended while a worker wrote them: it adds what was in flight when it notices.

Who ends such a generation bills what was saved, and leaves on the row of which lease and how much that was. The worker
that held the lease adds the difference to what it has really spent, and takes that mark away: nothing is billed twice.
If it dies before that, the bill lacks what was in flight.
"""

from collections.abc import Sequence
from dataclasses import astuple, replace
from functools import partial
from typing import Any

from django.db.models import QuerySet

from generation.budgets.settlement import Ending, settle_all
from generation.costs import Usage
from generation.llm.paid_answers import PaidAnswers
from generation.models import Generation, State
from generation.queue.billing import Bill, Total, ending_of, total_of
from generation.queue.claim import Claim
from generation.queue.locks import ON_BUDGETS, row_of, unless_held


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
    return unless_held(partial(bill_now, claims), list(claims)) if claims else []


def bill_now(claims: Sequence[Claim]) -> list[Claim]:
    endings: list[Ending] = []
    held = bill_ended(claims, endings)
    settle_all(endings)
    return held


def bill_ended(claims: Sequence[Claim], endings: list[Ending]) -> list[Claim]:
    """Do the same within a transaction.

    Args:
        endings: takes what is to be settled.
    """
    if not claims:
        return []
    free = open_bills(claims).select_for_update(skip_locked=True).only("steps", *ON_BUDGETS, *Total._fields)
    rows = {row.pk: row for row in free}
    billed = [(rows[claim.id], claim) for claim in claims if claim.id in rows]
    endings += [ending for row, claim in billed if (ending := bill_difference(row, claim))]
    held = set(open_bills(claims).values_list("pk", flat=True)) - rows.keys()
    return [claim for claim in claims if claim.id in held]


def open_bills(claims: Sequence[Claim]) -> QuerySet[Generation]:
    ids, tokens = [claim.id for claim in claims], {str(claim.token) for claim in claims}
    return Generation.objects.filter(pk__in=ids, finished_at__isnull=False, steps__token__in=tokens).order_by()


def bill_difference(generation: Generation, claim: Claim) -> Ending | None:
    """Bill what an attempt spent that is not on the bill; return what budgets are to know of that.

    What calls in flight could have cost was settled with the end, and is now known better.
    """
    left: dict[str, Any] = generation.steps or {}
    rest = claim.paid_answers.usage - Usage.from_json(left.get("usage", ()))
    if left.get("token") != str(claim.token):
        return None
    bill, spent = Bill(claim.provider.name, claim.provider.model, rest), claim.spent_at_most
    if not rest and spent == generation.spent_at_most:
        return None
    total = bill.added_to(generation) if rest else total_of(generation)
    row_of(generation).update(steps=None, spent_at_most=spent, **total._asdict())
    more = ending_of(generation, total)
    return replace(
        more,
        reserved=0,
        spent=spent - generation.spent_at_most,
        posts=0,
        calls=rest.calls,
        tokens=rest.prompt_tokens + rest.completion_tokens,
        is_uncertain=total.cost is None and generation.cost is not None,
    )
