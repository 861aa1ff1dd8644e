"""An executor with budgets: no call without room for it, and however a post ends its budgets know what it cost."""

import asyncio
import threading
from decimal import Decimal
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from blogs.models import BlogPost
from blogsite.testing.model_server import Behaviour, Fault
from blogsite.testing.posts import DRAFTING, MODEL, fresh, request_post
from blogsite.testing.workers import executor_at_work
from generation.budgets.money import micro, most_of
from generation.costs import Usage, cost
from generation.failures import FailureCode
from generation.models import Budget, Generation, State
from generation.prices.table import known_prices
from generation.queue.fetch import fetch_due
from generation.queue.transitions import cancel
from generation.tests.worker.test_resuming import crash_at_call
from generation.worker import executor, lease_keeper
from generation.worker.database_thread import database
from generation.worker.executor import write_due
from generation.worker.purse import AttemptPurse, GrantBatcher
from generation.worker.shutdown import ask_to_stop

pytestmark = pytest.mark.django_db(transaction=True)

CALL = Usage(1_000, 2_000, calls=1, estimated=1)


@pytest.fixture(autouse=True)
def _budgets(settings: Any) -> None:
    settings.BUDGETS = {"BUDGET_SITE_DAY": Decimal(5)}


@pytest.fixture
def notices_late(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the worker renew no lease while a test runs: it learns of an end only when it lands."""
    settings.GENERATION_RENEW_EVERY = 30
    monkeypatch.setattr(lease_keeper, "SAVE_EVERY", 30)


@pytest.fixture
def notices_soon(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.GENERATION_RENEW_EVERY = 0.1
    monkeypatch.setattr(lease_keeper, "SAVE_EVERY", 0.0)
    monkeypatch.setattr(executor, "TICK", 0.02)


def of_site() -> tuple[int, int]:
    row = Budget.objects.get(account="site", kind="day")
    return row.spent, row.reserved


def charged(server: Any) -> int:
    """Return the model server's own bill, in millionths of a dollar, rounded up."""
    tokens = [call.charged for call in server.calls if call.charged]
    usage = Usage(sum(prompt for prompt, _ in tokens), sum(answer for _, answer in tokens), calls=len(tokens))
    return micro(cost(MODEL, usage) or Decimal(0))


def short_of_money(generation: Generation) -> None:
    """Leave a generation a reservation that is enough for no call."""
    Generation.objects.filter(pk=generation.pk).update(reserved=1)
    Budget.objects.filter(kind__in=("day", "month")).update(reserved=1)


def test_a_post_costs_its_budgets_what_the_server_charges(model_server: Any) -> None:
    request_post()
    write_due()
    assert of_site() == (charged(model_server), 0)
    assert Generation.objects.get().spent_at_most == charged(model_server) > 0


def test_a_call_that_would_exceed_its_reservation_reserves_more(model_server: Any) -> None:
    request_post()
    short_of_money(Generation.objects.get())
    model_server.always(Behaviour(fault=Fault.HANG, when=DRAFTING))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 2)
        generation = Generation.objects.get()
        in_flight = generation.spent_at_most, generation.reserved, of_site()
        model_server.release()

    spent_at_most, reserved, site = in_flight
    assert charged(model_server) < spent_at_most == reserved
    assert site == (0, reserved)
    assert of_site() == (charged(model_server), 0)


def test_without_room_for_it_no_call_is_made(model_server: Any, settings: Any) -> None:
    post = request_post()
    short_of_money(Generation.objects.get())
    settings.BUDGETS = {"BUDGET_SITE_DAY": Decimal("0.000002")}
    write_due()
    assert (fresh(post).failure or {})["code"] == FailureCode.QUOTA_EXCEEDED
    assert (model_server.calls, of_site()) == ([], (0, 0))


def request_again(post: BlogPost) -> None:
    post.request_generation(requested_by=post.owner)


@pytest.mark.usefixtures("notices_late")
@pytest.mark.parametrize("end", [cancel, request_again], ids=["cancelled", "superseded"])
def test_what_is_ended_in_flight_is_settled_at_most_and_corrected_when_its_call_is_answered(
    model_server: Any, end: Any
) -> None:
    post = request_post()
    model_server.answer(Behaviour(fault=Fault.HANG, when=DRAFTING))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 2)
        at_most = Generation.objects.get().spent_at_most
        end(fresh(post))
        settled, _ = of_site()
        model_server.release()

    assert settled == at_most > charged(model_server)
    write_due()
    spent, reserved = of_site()
    assert charged(model_server) <= spent <= charged(model_server) + 1  # each is rounded up
    assert reserved == 0


@pytest.mark.usefixtures("notices_soon")
def test_what_is_deleted_in_flight_stays_charged_at_most(model_server: Any) -> None:
    post = request_post()
    model_server.always(Behaviour(fault=Fault.HANG, when=DRAFTING))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 2)
        at_most = Generation.objects.get().spent_at_most
        fresh(post).delete()

    assert of_site() == (at_most, 0)
    assert at_most > charged(model_server)


@pytest.mark.usefixtures("notices_soon")
def test_of_a_worker_that_is_killed_the_call_in_flight_stays_charged_at_most(
    model_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_post()
    crash_at_call(model_server, 1, monkeypatch)
    at_most, before = Generation.objects.get().spent_at_most, len(model_server.calls)
    assert (before, of_site()[0]) == (2, 0)

    write_due()

    prompt, answer = model_server.calls[-1].charged
    assert len(model_server.calls) == before + 1
    assert of_site() == (at_most + most_of(MODEL, Usage(prompt, answer, calls=1), known_prices()), 0)


def test_what_a_stopping_worker_hands_back_stays_reserved_with_what_was_spent(model_server: Any, settings: Any) -> None:
    settings.GENERATION_GRACE = 0.1
    request_post()
    reserved = Generation.objects.get().reserved
    model_server.always(Behaviour(fault=Fault.HANG))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 1)
        ask_to_stop()

    generation = Generation.objects.get()
    assert (generation.status, generation.reserved, of_site()) == (State.PENDING, reserved, (0, reserved))
    assert charged(model_server) <= generation.spent_at_most < reserved


def test_who_is_cancelled_while_many_ask_together_takes_nobody_along(model_server: Any) -> None:
    for _ in range(4):
        request_post()
    claims = fetch_due(4, "one:1")

    async def ask() -> list[Any]:
        batcher, is_free = GrantBatcher(), threading.Event()
        busy = asyncio.create_task(database(is_free.wait))  # the thread does one piece of work at a time
        await asyncio.sleep(0)
        tasks = [asyncio.create_task(AttemptPurse(claim, batcher).reserve(CALL)) for claim in claims]
        for task in tasks[:2]:  # who asks first, and who asks for the others then
            await asyncio.sleep(0.05)
            task.cancel()
        await asyncio.sleep(0.05)
        is_free.set()
        await busy
        return await asyncio.gather(*tasks, return_exceptions=True)

    ends = async_to_sync(ask)()
    assert [type(end) for end in ends] == [asyncio.CancelledError] * 2 + [type(None)] * 2
    assert [len(claim.in_flight) for claim in claims] == [0, 0, 1, 1]
