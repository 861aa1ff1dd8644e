"""A renewal extends a worker's own leases and saves the progress of its own posts, in whole rows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blogsite.testing.posts import FromNow, changes_of, rows_of_others
from generation.costs import Usage
from generation.llm.request import ModelRequest
from generation.llm.responses import Completion
from generation.models import Generation, State
from generation.queue import transitions
from generation.queue.fetch import fetch_due
from generation.queue.leases import renew
from generation.tests.baker_recipes import waiting

pytestmark = pytest.mark.django_db

LEASE = 1000  # seconds


@pytest.fixture(autouse=True)
def lease(settings):
    settings.GENERATION_LEASE = LEASE


def fetched(quantity=1, worker="one:1"):
    """Return so many claims of one fetch; their leases have half their time left."""
    made = [waiting.make(content="An earlier attempt's.", steps={"seed": 7, "answers": {}}) for _ in range(quantity)]
    claims = fetch_due(quantity, worker)
    assert {claim.id for claim in claims} == {row.pk for row in made}
    ending = timezone.now() + timedelta(seconds=LEASE / 2)
    Generation.objects.filter(token=claims[0].token).update(lease_until=ending)
    return claims


def row_of(claim):
    return Generation.objects.select_related("post").get(pk=claim.id)


@pytest.fixture
def mine():
    """Return a worker's claim of two that it fetched together, next to another worker's two."""
    fetched(2, "two:2")
    return fetched(2)[1]


def pay_for_an_answer(claim):
    completion = Completion("A plan.", "stop", Usage(10, 5, 0, 1))
    claim.paid_answers.spend(completion.usage)
    claim.paid_answers.keep("gpt-4o", ModelRequest([{"role": "user", "content": "Plan."}], {}), completion)


def test_a_lease_is_extended_and_nothing_else_changes(mine):
    row = row_of(mine)
    others = rows_of_others(row.post)

    assert renew([mine]) == []

    assert changes_of(row) == {"lease_until": FromNow(LEASE)}
    assert changes_of(row.post) == {}
    assert rows_of_others(row.post) == others


def test_progress_text_and_answers_are_saved_for_their_own_post(mine):
    row = row_of(mine)
    others = rows_of_others(row.post)
    mine.report_progress("write", 2, 5, ["Flour, ", "water."])
    pay_for_an_answer(mine)

    assert renew([mine]) == []

    assert changes_of(row) == {
        "lease_until": FromNow(LEASE),
        "stage": "write",
        "done": 2,
        "total": 5,
        "content": "Flour, water.",
        "steps": {"seed": 7, "answers": changes_of(row)["steps"]["answers"], "usage": [10, 5, 0, 1, 0, 0, 0, {}]},
    }
    assert list(changes_of(row)["steps"]["answers"].values()) == [["A plan.", []]]
    assert changes_of(row.post) == {
        "progress": {"stage": "write", "done": 2, "total": 5},
        "version": row.post.version + 1,
    }
    assert rows_of_others(row.post) == others


def test_of_claims_renewed_together_each_post_shows_its_own_progress():
    one, two = fetched(2)
    silent, foreign = fetched(1, "two:2"), row_of(*fetched(1, "three:3"))
    rows = [row_of(claim) for claim in (one, two, *silent)]
    one.report_progress("plan", 0, 1)
    two.report_progress("write", 3, 4)

    assert renew([one, two, *silent]) == []

    assert [changes_of(row)["lease_until"] for row in rows] == [FromNow(LEASE)] * 3
    assert [changes_of(row.post).get("progress") for row in rows] == [
        {"stage": "plan", "done": 0, "total": 1},
        {"stage": "write", "done": 3, "total": 4},
        None,
    ]
    assert changes_of(foreign) == changes_of(foreign.post) == {}


def test_more_text_alone_does_not_change_the_post(mine):
    mine.report_progress("write", 2, 5, "Flour")
    renew([mine])
    row = row_of(mine)
    mine.report_progress("write", 2, 5, "Flour, water")

    renew([mine])

    assert changes_of(row)["content"] == "Flour, water"
    assert changes_of(row.post) == {}


def test_what_is_saved_already_is_not_written_again(mine):
    mine.report_progress("write", 2, 5, "Flour")
    renew([mine])
    by_hand = {"stage": "edit", "content": "Changed since.", "steps": {"seed": 9}}
    Generation.objects.filter(pk=mine.id).update(**by_hand)
    row = row_of(mine)

    renew([mine])
    assert changes_of(row).keys() <= {"lease_until"}

    mine.report_progress("check", 2, 5, "Flour")
    renew([mine])
    assert changes_of(row).keys() <= {"lease_until", "stage", "content"}  # the answers are as they were


def test_without_a_text_an_earlier_attempts_text_is_kept(mine):
    row = row_of(mine)
    mine.report_progress("plan", 0, 1)

    renew([mine])

    assert "content" not in changes_of(row)


def test_a_lease_that_another_worker_has_by_now_is_lost(mine):
    Generation.objects.filter(pk=mine.id).update(lease_until=timezone.now() - timedelta(seconds=1))
    (winner,) = fetch_due(1, "three:3")
    Generation.objects.filter(pk=mine.id).update(lease_until=timezone.now() + timedelta(seconds=LEASE / 2))
    rows = rows_of_others()
    mine.report_progress("write", 2, 5, "Flour")

    assert winner.id == mine.id
    assert renew([mine]) == [mine]

    assert rows_of_others() == rows
    assert not mine.is_saved


def test_of_several_only_the_lost_one_is_returned_and_left_alone():
    kept, lost = fetched(2)
    transitions.hand_back(lost)
    gone = row_of(lost)
    for claim in (kept, lost):
        claim.report_progress("write", 2, 5, "Flour")

    assert renew([kept, lost]) == [lost]

    assert changes_of(gone) == changes_of(gone.post) == {}
    assert kept.is_saved
    assert row_of(kept).content == "Flour"


def test_a_lease_that_is_over_but_that_nobody_took_is_renewed(mine):
    Generation.objects.filter(pk=mine.id).update(lease_until=timezone.now() - timedelta(seconds=1))

    assert renew([mine]) == []

    assert row_of(mine).lease_until == FromNow(LEASE)


def test_an_ended_generation_is_not_renewed_even_by_its_token(mine):
    Generation.objects.filter(pk=mine.id).update(status=State.CANCELLED, finished_at=timezone.now())
    rows = rows_of_others()

    assert renew([mine]) == [mine]

    assert rows_of_others() == rows


def test_no_claims_are_no_work():
    fetched(2)
    rows = rows_of_others()

    assert renew([]) == []

    assert rows_of_others() == rows
