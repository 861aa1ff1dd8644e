"""What a worker spends on a generation that somebody else ends meanwhile is billed, and once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings

from blogs.models import BlogPost
from blogsite.testing.posts import MODEL, fresh, rows_of_others
from generation.costs import Usage
from generation.models import Generation
from generation.queue import transitions
from generation.queue.claim import Claim
from generation.queue.late_bills import bill_rest
from generation.queue.leases import renew
from generation.queue.losses import Loss, release
from generation.tests.queue.veterans import SAVED, SETTLED, failure, fetched, make_others, text_for

pytestmark = pytest.mark.django_db

MORE = Usage(prompt_tokens=1_000_000, calls=1).answered_by(MODEL)
ALL = SETTLED | {"calls": 3, "prompt_tokens": 1_001_100, "cost": Decimal("0.6575")}


@pytest.fixture(autouse=True)
def configured(settings):
    settings.OPENAI_API_KEY, settings.OPENAI_MODEL = "test-key", MODEL


def bill_of(claim: Claim) -> dict[str, Any]:
    return dict(Generation.objects.filter(pk=claim.id).values(*SETTLED).get())


def give_up(post: BlogPost) -> None:
    """Give it up because its worker's host is silent."""
    rows = post.generations.all()
    rows.update(attempts=settings.GENERATION_ATTEMPTS)
    release(rows, Loss.UNREACHABLE)


END = {"cancelled": transitions.cancel, "superseded": transitions.supersede, "given up": give_up}
NOTICE = {
    "when it renews its lease": lambda claim: bill_rest(renew([claim])),
    "when it lands the text": lambda claim: transitions.land([text_for(claim)]),
    "when it rejects the text": lambda claim: transitions.reject(text_for(claim), failure()),
    "when it fails": lambda claim: transitions.fail(claim, failure(), text_for(claim).bill),
    "when it hands back": transitions.hand_back,
}


@pytest.mark.parametrize("notice", NOTICE)
@pytest.mark.parametrize("end", END)
def test_what_was_in_flight_is_billed_once_to_an_ended_generation(end, notice):
    make_others()
    claim, generation = fetched()
    END[end](fresh(generation.post))
    others = rows_of_others(generation.post)
    assert bill_of(claim) == SETTLED
    claim.paid_answers.spend(MORE)

    for _ in range(2):
        NOTICE[notice](claim)
        assert bill_of(claim) == ALL

    assert Generation.objects.get(pk=claim.id).steps is None
    assert rows_of_others(generation.post) == others


def test_what_was_saved_before_the_end_is_not_billed_again():
    claim, generation = fetched()
    claim.paid_answers.spend(MORE)
    claim.report_progress("write", 2, 4)
    assert renew([claim]) == []
    transitions.cancel(fresh(generation.post))
    assert bill_of(claim) == ALL

    assert bill_rest([claim]) == []

    assert bill_of(claim) == ALL


def test_what_was_in_flight_is_billed_to_the_model_that_wrote_and_not_to_the_default():
    claim, generation = fetched()
    claim.provider = replace(claim.provider, model="gpt-4o")
    transitions.cancel(fresh(generation.post))
    claim.paid_answers.spend(Usage(prompt_tokens=1_000_000, calls=1))

    bill_rest([claim])

    assert bill_of(claim)["cost"] == SETTLED["cost"] + Decimal("2.5")


def test_an_estimate_makes_the_cost_of_an_ended_generation_unknown():
    claim, generation = fetched()
    transitions.cancel(fresh(generation.post))
    claim.paid_answers.spend(Usage(50, 20, calls=1, estimated=1))

    bill_rest([claim])

    assert bill_of(claim) == SETTLED | {"calls": 3, "prompt_tokens": 1_150, "completion_tokens": 570, "cost": None}


def test_a_worker_bills_nothing_to_a_generation_that_another_one_held_in_the_end():
    claim, generation = fetched()
    Generation.objects.filter(pk=claim.id).update(token="00000000-0000-0000-0000-000000000001")
    transitions.cancel(fresh(generation.post))
    claim.paid_answers.spend(MORE)

    assert bill_rest([claim]) == []

    assert bill_of(claim) == SETTLED


def test_a_deleted_post_has_no_bill():
    claim, generation = fetched()
    claim.paid_answers.spend(MORE)
    fresh(generation.post).delete()

    assert bill_rest([claim]) == []


def test_the_usage_of_a_veteran_is_what_these_tests_take_it_for():
    assert fetched()[0].paid_answers.usage == SAVED
