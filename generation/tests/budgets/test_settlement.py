"""Whatever ends a generation books what it has spent, once, and frees the rest."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.signals import Belongings
from blogs.models import BlogPost, Status
from blogsite.testing.connections import by_rows
from blogsite.testing.posts import MODEL, bill, finished_text, fresh, owner_of, request_post
from generation.budgets.money import most_of
from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.providers import fallback_provider
from generation.models import Budget, Generation, ProviderPause, Spending, State
from generation.prices.table import known_prices
from generation.queue import locks, transitions, unwanted
from generation.queue.claim import Claim
from generation.queue.fetch import fetch_due
from generation.queue.grants import Grant, grant
from generation.queue.late_bills import bill_rest
from generation.queue.losses import DEATHS_MAX, Loss, release
from generation.tests.baker_recipes import waiting
from generation.tests.queue.test_locks import held_by_another

pytestmark = pytest.mark.django_db

USED = Usage(prompt_tokens=1_000, completion_tokens=500, calls=1)
COST = 450  # of `USED`, in millionths of a dollar
CALL = Usage(1_000, 2_000, calls=1, estimated=1)  # the most that a call may use


@pytest.fixture(autouse=True)
def _a_paid_model(settings: Any) -> None:
    settings.OPENAI_API_KEY = "a-key"


def calling(**request: Any) -> Claim:
    """Return a claim to a requested post whose worker may make a call, and makes it."""
    request_post(**request)
    (claim,) = fetch_due(1, "one:1")
    claim.in_flight.append(CALL)
    assert grant([claim]) == [Grant.GRANTED]
    return claim


def answered(claim: Claim) -> Claim:
    claim.in_flight.clear()
    claim.paid_answers.spend(USED)
    return claim


def at_most(usage: Usage = CALL) -> int:
    return most_of(MODEL, usage, known_prices())


def money() -> set[tuple[int, int]]:
    """Return what is spent and reserved, if all budgets in dollars agree."""
    rows = Budget.objects.filter(kind__in=("day", "month"))
    assert rows.count() == 4  # a user's and the site's, of day and month
    return set(rows.values_list("spent", "reserved"))


def post_of(claim: Claim) -> BlogPost:
    return BlogPost.objects.get(pk=claim.post_id)


def refused() -> GenerationFailed:
    return GenerationFailed(FailureCode.REFUSED, "No.")


def give_up(claim: Claim) -> None:
    Generation.objects.update(deaths=DEATHS_MAX - 1)
    release(Generation.objects.filter(pk=claim.id), Loss.DIED)


def deactivate(claim: Claim) -> None:
    unwanted.cancel_all_of(owner_of(post_of(claim)))


def supersede(claim: Claim) -> None:
    """Let a command request the post again, and cancel that."""
    post_of(claim).request_generation()
    transitions.cancel(post_of(claim))


RECORDED: dict[str, Callable[[Claim], object]] = {  # by the worker, which knows what was spent
    "landed": lambda claim: transitions.land([finished_text(claim, usage=USED)]),
    "rejected": lambda claim: transitions.reject(finished_text(claim, usage=USED), refused()),
    "failed": lambda claim: transitions.fail(claim, refused(), bill(USED)),
}
ENDED: dict[str, Callable[[Claim], object]] = {  # by others, who know what it can have been
    "cancelled": lambda claim: transitions.cancel(post_of(claim)),
    "superseded": supersede,
    "given up": give_up,
    "deactivated": deactivate,
    "deleted": lambda claim: post_of(claim).delete(),
    "deleted with others": lambda claim: BlogPost.objects.all().delete(),
    "user deleted": lambda claim: owner_of(post_of(claim)).delete(),
}


@pytest.mark.parametrize("end", RECORDED)
def test_what_a_worker_records_is_booked_to_the_cent_and_once(end: str) -> None:
    claim = answered(calling())
    RECORDED[end](claim)
    with suppress(BlogPost.DoesNotExist):
        transitions.cancel(post_of(claim))
    RECORDED[end](claim)
    assert money() == {(COST, 0)}
    assert not Budget.objects.exclude(reserved=0).exists()
    assert Spending.objects.values_list("model", "posts", "calls", "tokens", "cost", "uncertain").get() == (
        MODEL, 1, 1, 1_500, COST, 0,
    )  # fmt: skip


@pytest.mark.parametrize("end", ENDED)
def test_what_others_end_is_booked_with_the_call_in_flight(end: str) -> None:
    claim = calling()
    ENDED[end](claim)
    if (post := BlogPost.objects.filter(pk=claim.post_id).first()) is not None:
        transitions.cancel(post)
    assert money() == {(at_most(), 0)}
    assert not Budget.objects.exclude(reserved=0).exists()
    assert Spending.objects.get().cost == at_most()


@pytest.mark.parametrize("end", ["cancelled", "superseded"])
def test_what_was_in_flight_is_booked_as_it_was_when_the_worker_notices(end: str) -> None:
    claim = calling()
    ENDED[end](claim)
    answered(claim)
    for _ in range(2):
        assert bill_rest([claim]) == []
        assert money() == {(COST, 0)}
    assert Spending.objects.values_list("model", "posts", "calls", "cost").get() == (MODEL, 1, 1, COST)


def test_of_a_worker_that_dies_what_was_in_flight_stays_charged_and_the_next_attempt_is_added() -> None:
    claim = calling()
    release(Generation.objects.filter(pk=claim.id), Loss.DIED)
    (again,) = fetch_due(1, "one:2")
    again.paid_answers.spend(USED)
    transitions.land([finished_text(again, usage=USED)])
    assert money() == {(at_most() + COST, 0)}


def test_an_attempt_that_is_followed_by_another_keeps_its_reservation() -> None:
    claim = answered(calling())
    reserved = Generation.objects.get().reserved
    assert transitions.fail(claim, GenerationFailed(FailureCode.TIMEOUT, "Slow."), bill(USED)) == State.PENDING
    assert money() == {(0, reserved)}
    assert Generation.objects.get().spent_at_most == COST


def test_what_was_handed_back_is_booked_when_it_is_cancelled_in_the_queue() -> None:
    claim = answered(calling())
    transitions.hand_back(claim)
    unwanted.cancel_all_on(BlogPost.objects.all())
    assert money() == {(COST, 0)}


def test_a_price_that_vanishes_meanwhile_takes_nothing_off_what_was_spent(settings: Any) -> None:
    claim = answered(calling())
    settings.BUILT_IN_PRICES = {}
    transitions.land([finished_text(claim, usage=USED)])
    assert money() == {(COST, 0)}


def test_a_request_before_midnight_is_its_days_however_late_it_ends() -> None:
    claim, day = answered(calling()), date(2026, 2, 28)
    Generation.objects.update(charged_on=day)
    Budget.objects.filter(kind="day").update(start=day)
    Budget.objects.filter(kind="month").update(start=day.replace(day=1))
    claim.in_flight.append(Usage(2_000_000, 0, calls=1, estimated=1))
    assert grant([claim]) == [Grant.GRANTED]
    RECORDED["landed"](answered(claim))
    assert money() == {(2 * COST, 0)}
    assert set(Spending.objects.values_list("day", flat=True)) == {day}


def test_a_generation_from_before_budgets_ends_without_them() -> None:
    waiting.make()
    (claim,) = fetch_due(1, "one:1")
    claim.in_flight.append(CALL)
    assert grant([claim]) == [Grant.GRANTED]
    RECORDED["landed"](answered(claim))
    assert not Budget.objects.exists()
    assert post_of(claim).status == Status.COMPLETED


def test_a_worker_locks_all_budgets_by_one_statement_and_a_providers_pause_after_them() -> None:
    """Two statements would lock rows in another order than other transactions, and end in deadlocks."""
    ended, lands = answered(calling()), answered(calling())
    transitions.cancel(post_of(ended))
    last = calling()
    answered(last)
    Generation.objects.filter(pk=last.id).update(attempts=99, created_at=timezone.now() - timedelta(days=1))
    for work in (
        lambda: transitions.land([finished_text(claim, usage=USED) for claim in (ended, lands)]),
        lambda: transitions.fail(last, GenerationFailed(FailureCode.RATE_LIMITED, "Slow."), bill(USED)),
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            work()
        tables = [model._meta.db_table for model in (Budget, ProviderPause)]
        writes = [sql for query in queries if (sql := query["sql"]).startswith(("INSERT", "UPDATE"))]
        order = [table for sql in writes for table in tables if f'{table}"' in sql or f"{table} " in sql]
        assert order[:2] == tables
        assert tables[0] not in order[1:]


@pytest.mark.parametrize("belongings", [Belongings(keep=True), Belongings(keep=False)], ids=["kept", "deleted"])
def test_with_a_user_all_their_posts_are_settled_by_one_statement(
    belongings: Belongings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blogs.receivers.PIECE", 1)
    owner = owner_of(request_post())
    request_post(owner=owner).request_generation(requested_by=owner_of(request_post()))
    with CaptureQueriesContext(connection) as queries:
        owner.delete(belongings=belongings)
    statements = [query["sql"] for query in queries if f"INTO {Budget._meta.db_table} " in query["sql"]]
    assert len(statements) == 1
    assert Budget.objects.filter(kind="queue", reserved=1).count() == 1  # the other's own post


def test_a_budget_without_room_says_nothing_about_the_fallback(settings: Any) -> None:
    settings.FALLBACK_API_KEY = "a-key"
    claim = calling()
    claim.in_flight.clear()
    claim.provider = fallback_provider() or claim.provider
    failure = GenerationFailed(FailureCode.QUOTA_EXCEEDED, "No room.")
    assert transitions.fail(claim, failure, bill()) == State.FAILED
    assert not ProviderPause.objects.exists()


@by_rows
@pytest.mark.django_db(transaction=True)
def test_no_worker_waits_for_long_for_a_budget_that_somebody_holds_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(locks, "WAITS_FOR", 0.05)
    ended, lands = answered(calling()), answered(calling())
    transitions.cancel(post_of(ended))
    more = calling()
    more.in_flight.append(Usage(2_000_000, 0, calls=1, estimated=1))
    User.objects.filter(pk=owner_of(request_post()).pk).update(is_active=False)

    with held_by_another(Budget.objects.get(account="site", kind="day")):
        with pytest.raises(OperationalError):  # which `database` tries again
            transitions.land([finished_text(lands, usage=USED)])
        assert bill_rest([ended]) == [ended]
        assert grant([more]) == [Grant.HELD]
        assert fetch_due(5, "one:1") == []
        give_up(lands)

    assert transitions.land([finished_text(lands, usage=USED)]) == [Generation.Landing.LANDED]
    assert bill_rest([ended]) == []
    assert grant([more]) == [Grant.GRANTED]
    assert fresh(post_of(lands)).status == Status.COMPLETED
