"""Before a call is made what it can cost is on its generation's row, within what budgets hold for it."""

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from blogsite.testing.connections import by_rows
from blogsite.testing.posts import fresh, request_post
from generation.costs import Usage
from generation.models import Budget, Generation
from generation.queue import transitions
from generation.queue.claim import Claim
from generation.queue.fetch import fetch_due
from generation.queue.grants import Grant, grant
from generation.tests.queue.test_locks import held_by_another

pytestmark = pytest.mark.django_db

SMALL, LARGE = Usage(100, 100, calls=1), Usage(1_000_000, 0, calls=1)
COST_OF_SMALL, COST_OF_LARGE = 75, 150_000  # millionths of a dollar
SMALL_BY_DEARER, LARGE_BY_DEARER = 1_250, 2_500_000  # by gpt-4o


@pytest.fixture(autouse=True)
def _a_paid_model(settings: Any) -> None:
    settings.OPENAI_API_KEY = "a-key"


def fetched(*calls: Usage) -> list[Claim]:
    """Return claims, each with a call that waits to be granted."""
    for _ in calls:
        request_post()
    claims = fetch_due(len(calls), "one:1")
    for claim, call in zip(claims, calls, strict=True):
        claim.in_flight.append(call)
    return claims


def on_rows(claims: list[Claim]) -> list[tuple[int, int]]:
    rows = {row.pk: (row.spent_at_most, row.reserved) for row in Generation.objects.all()}
    return [rows[claim.id] for claim in claims]


def held_by_budgets() -> set[int]:
    return set(Budget.objects.filter(account="site").values_list("reserved", flat=True))


def test_claims_are_granted_together_and_only_who_needs_more_than_is_reserved_reserves_more() -> None:
    claims = fetched(SMALL, LARGE)
    ((_, reserved), _) = before = on_rows(claims)
    assert before == [(0, reserved)] * 2
    assert grant(claims) == [Grant.GRANTED] * 2
    assert on_rows(claims) == [(COST_OF_SMALL, reserved), (COST_OF_LARGE, COST_OF_LARGE)]
    assert held_by_budgets() == {reserved + COST_OF_LARGE}


def test_calls_count_together_with_what_was_spent_and_before_that(settings: Any) -> None:
    (claim,) = fetched(SMALL)
    grant([claim])
    transitions.hand_back(claim)  # with the call in flight
    (again,) = fetch_due(1, "one:1")
    again.paid_answers.spend(SMALL)
    again.in_flight += [SMALL, SMALL]
    settings.BUILT_IN_PRICES = {}  # what it was fetched with counts
    assert grant([again]) == [Grant.GRANTED]
    assert on_rows([again])[0][0] == 4 * COST_OF_SMALL


def test_who_finds_no_room_is_refused_alone_and_changes_nothing(settings: Any) -> None:
    claims = fetched(LARGE, SMALL)
    (_, reserved), _ = on_rows(claims)
    settings.BUDGETS = {"BUDGET_SITE_DAY": Decimal(2 * reserved) / 1_000_000}
    assert grant(claims) == [Grant.REFUSED, Grant.GRANTED]
    assert on_rows(claims) == [(0, reserved), (COST_OF_SMALL, reserved)]
    assert held_by_budgets() == {2 * reserved}


def answered_by_a_dearer_model() -> Claim:
    """Return a claim whose first call a router had another model answer, and whose second waits to be granted."""
    (claim,) = fetched(SMALL)
    grant([claim])
    claim.paid_answers.spend(SMALL.answered_by("gpt-4o-2024-08-06"))
    claim.in_flight = [LARGE]
    return claim


def test_once_a_dearer_model_has_answered_calls_reserve_what_they_cost_if_it_answers_again(settings: Any) -> None:
    settings.BUDGETS = {"BUDGET_USER_DAY": None}
    claim, most = answered_by_a_dearer_model(), SMALL_BY_DEARER + LARGE_BY_DEARER
    assert grant([claim]) == [Grant.GRANTED]
    assert on_rows([claim]) == [(most, most)]
    assert held_by_budgets() == {most}

    transitions.hand_back(claim)  # with the call in flight
    (again,) = fetch_due(1, "one:1")
    again.in_flight.append(SMALL)
    assert again.spent_at_most == most + SMALL_BY_DEARER


def test_it_is_refused_what_only_the_requested_model_would_do_for_the_rest(settings: Any) -> None:
    claim, most = answered_by_a_dearer_model(), SMALL_BY_DEARER + LARGE_BY_DEARER
    settings.BUDGETS = {"BUDGET_USER_DAY": None, "BUDGET_SITE_DAY": Decimal(most - 1) / 1_000_000}
    assert grant([claim]) == [Grant.REFUSED]


@pytest.mark.parametrize("call", [SMALL, LARGE])
def test_whose_claim_no_longer_holds_may_not_call(call: Usage) -> None:
    claims = fetched(call, call, call)
    transitions.cancel(fresh(Generation.objects.get(pk=claims[0].id).post))
    Generation.objects.get(pk=claims[1].id).post.delete()
    taken = replace(claims[2], token=uuid.uuid4(), in_flight=[call])
    assert grant([*claims[:2], taken]) == [Grant.LOST] * 3
    assert Generation.objects.get(pk=claims[2].id).spent_at_most == 0


@by_rows
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("call", [SMALL, LARGE])
def test_whose_row_somebody_holds_tries_again_and_others_do_not_wait(call: Usage) -> None:
    claims = fetched(call, SMALL)
    with held_by_another(Generation.objects.get(pk=claims[0].id)):
        assert grant(claims) == [Grant.HELD, Grant.GRANTED]
    assert grant(claims) == [Grant.GRANTED] * 2
