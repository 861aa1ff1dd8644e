"""What a lost worker was writing is queued again or given up, by how it was lost; only a death counts against it."""

from dataclasses import astuple

import pytest
from django.utils import timezone

from blogs.models import Status
from blogsite.testing.posts import NOW, changes_of, fresh, rows_of_others
from generation.failures import FailureCode
from generation.models import Generation, State
from generation.queue import transitions
from generation.queue.losses import DEATHS_MAX, DIED, UNREACHABLE, Loss, release
from generation.tests.baker_recipes import waiting
from generation.tests.queue.test_locks import by_rows, held_by_another
from generation.tests.queue.veterans import SAVED, SETTLED, fetched, make_others, shown, text_for

pytestmark = pytest.mark.django_db

EVERY = list(Loss)


def lose(generation: Generation, loss: Loss) -> None:
    release(Generation.objects.filter(pk=generation.pk), loss)


@pytest.mark.parametrize(
    ("loss", "more"),
    [
        (Loss.DIED, {"deaths": 1}),
        (Loss.UNREACHABLE, {"unreachable": 1}),
        (Loss.FORGOT, {}),
        (Loss.STOPPED, {"attempts": 0}),
    ],
)
def test_what_is_lost_is_queued_again_with_its_paid_answers(caplog, loss, more):
    make_others()
    _, generation = fetched()
    others = rows_of_others(generation.post)

    lose(generation, loss)

    assert changes_of(generation) == {"status": State.PENDING, "token": None, "lease_until": None} | more
    assert fresh(generation.post).status == Status.PENDING
    assert rows_of_others(generation.post) == others
    assert f"step=lost post={generation.post_id} generation={generation.pk} attempt=1 worker=one:1" in caplog.text
    assert f"why={loss}" in caplog.text


@pytest.mark.parametrize("loss", EVERY)
def test_a_worker_that_lives_after_all_writes_nothing_into_what_was_taken_from_it(loss):
    claim, generation = fetched()
    lose(generation, loss)
    before = fresh(generation.post).content

    assert transitions.land([text_for(claim)]) == [None]
    assert fresh(generation.post).content == before


@pytest.mark.parametrize("loss", EVERY)
@pytest.mark.parametrize("used_up", [{"deaths": DEATHS_MAX - 1}, {"attempts": 3}])
def test_the_last_loss_ends_a_generation_unless_it_was_a_stop_or_nobody_died(settings, loss, used_up):
    settings.GENERATION_ATTEMPTS = 4
    _, generation = fetched(**used_up)

    lose(generation, loss)

    by_death, by_attempts = loss == Loss.DIED, loss != Loss.STOPPED
    is_ended = by_death if "deaths" in used_up else by_attempts
    assert Generation.objects.get().status == (State.FAILED if is_ended else State.PENDING)


@pytest.mark.parametrize(("loss", "why"), [(Loss.DIED, DIED), (Loss.UNREACHABLE, UNREACHABLE)])
def test_what_is_given_up_fails_with_all_that_it_cost(settings, caplog, loss, why):
    settings.GENERATION_ATTEMPTS = 1
    make_others()
    _, generation = fetched()
    Generation.objects.filter(pk=generation.pk).update(not_before=timezone.now())
    others = rows_of_others(generation.post)

    lose(generation, loss)

    left = {"token": str(generation.token), "usage": list(astuple(SAVED))}  # it may live, and have more to pay
    assert changes_of(generation) == SETTLED | {
        "status": State.FAILED,
        "token": None,
        "lease_until": None,
        "finished_at": NOW,
        "deaths" if loss == Loss.DIED else "unreachable": 1,
        "failure_code": "worker_lost",
        "failure_message": why,
        "steps": None if loss == Loss.DIED else left,
    }
    assert fresh(generation.post).failure == shown(FailureCode.WORKER_LOST, attempts=1)
    assert rows_of_others(generation.post) == others
    assert f"step=given_up post={generation.post_id}" in caplog.text


@by_rows
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("held", ["the generation", "its post"])
def test_rows_that_somebody_holds_are_passed_over(held):
    waiting.make()
    _, generation = fetched()

    with held_by_another(generation if held == "the generation" else generation.post):
        lose(generation, Loss.DIED)
        assert changes_of(generation) == {}

    lose(generation, Loss.DIED)
    assert changes_of(generation)["status"] == State.PENDING
