"""Grants: before a call is made, what it can cost is on its generation's row, and reserved.

So a crash never makes the budgets forget what was in flight, and a worker that has lost its lease calls nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import partial

from django.db import connection

from generation.budgets.changes import OverLimit, reserve
from generation.budgets.reservation import further
from generation.models import Generation, State
from generation.queue.claim import Claim
from generation.queue.locks import ON_BUDGETS, in_progress, row_of, unless_held

TABLE = Generation._meta.db_table
# One statement for any number of claims; it waits for no row.
STATEMENT = f"""
WITH wanted (pk, mark, ceiling) AS (VALUES {{places}}),
free AS (
  SELECT id AS pk, token AS mark, status AS state, reserved AS most FROM {TABLE}
  WHERE id IN (SELECT pk FROM wanted) {{for_update}}
)
UPDATE {TABLE} SET spent_at_most = wanted.ceiling FROM wanted, free
WHERE id = wanted.pk AND free.pk = wanted.pk AND free.mark = wanted.mark AND free.state = %s
  AND wanted.ceiling <= free.most
RETURNING id
"""  # noqa: S608


class Grant(StrEnum):
    """Whether the calls of a claim may be made."""

    GRANTED = "granted"
    HELD = "held"  # another transaction holds the row: try again
    LOST = "lost"  # the claim no longer holds
    REFUSED = "refused"  # no budget has room for it


def grant(claims: Sequence[Claim]) -> list[Grant]:
    """Note for each claim what it can have cost with its calls in flight, reserving more where that is needed."""
    ceilings = {claim.id: claim.spent_at_most for claim in claims}
    granted = within_reservations(claims, ceilings)
    return [Grant.GRANTED if claim.id in granted else grant_more(claim, ceilings[claim.id]) for claim in claims]


def within_reservations(claims: Sequence[Claim], ceilings: Mapping[int, int]) -> set[int]:
    """Do it for those whose reservations are enough; return their ids."""
    token, is_postgresql = Generation._meta.get_field("token"), connection.vendor == "postgresql"
    place = "(%s::bigint, %s::uuid, %s::bigint)" if is_postgresql else "(%s, %s, %s)"
    values = [
        value
        for claim in claims
        for value in (claim.id, token.get_db_prep_value(claim.token, connection), ceilings[claim.id])
    ]
    statement = STATEMENT.format(
        places=", ".join([place] * len(claims)), for_update="FOR UPDATE SKIP LOCKED" if is_postgresql else ""
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, State.IN_PROGRESS.value])
        return {pk for (pk,) in cursor.fetchall()}


def grant_more(claim: Claim, ceiling: int) -> Grant:
    """Do it for one that needs more than is reserved, if its budgets have room for that."""
    try:
        return unless_held(partial(reserve_more, claim, ceiling), Grant.HELD)
    except OverLimit:
        return Grant.REFUSED


def reserve_more(claim: Claim, ceiling: int) -> Grant:
    held = in_progress([claim]).filter(token=claim.token)
    row = held.select_for_update(skip_locked=True).only(*ON_BUDGETS).first()
    if row is None:
        return Grant.HELD if held.exists() else Grant.LOST
    if ceiling > row.reserved:
        reserve(further(row, ceiling - row.reserved))
    row_of(row).update(spent_at_most=ceiling, reserved=max(ceiling, row.reserved))
    return Grant.GRANTED
