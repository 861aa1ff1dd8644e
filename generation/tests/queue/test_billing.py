"""What all attempts at a generation cost together."""

from dataclasses import astuple
from decimal import Decimal

import pytest

from blogs.models import MODEL_MAX_LENGTH
from blogsite.testing.posts import MODEL
from generation.costs import EMBEDDED_MODEL, Usage
from generation.llm.providers import configured_provider
from generation.queue.billing import Bill, Total, settled
from generation.tests.baker_recipes import waiting

pytestmark = pytest.mark.django_db

EARLIER = Total("compatible", "gpt-4o", 3, 100, 10, 50, Decimal("0.5"))
USAGE = Usage(prompt_tokens=1_000_000, completion_tokens=2_000_000, cached_tokens=500_000, calls=2)
PRICE = Decimal("1.3125")  # of `USAGE` of `MODEL`
ANSWERS = {"first": ["A plan.", astuple(Usage(1_000, 0, 0, 1))], "second": ["A text.", astuple(Usage(0, 500, 0, 1))]}


def test_an_attempt_is_added_to_those_before_it():
    generation = waiting.make(**EARLIER._asdict())

    total = Bill("openai", MODEL, USAGE).added_to(generation)

    assert total == Total("openai", MODEL, 5, 1_000_100, 500_010, 2_000_050, Decimal("0.5") + PRICE)


def test_the_first_attempt_is_all_that_a_generation_costs():
    assert Bill("openai", MODEL, USAGE).added_to(waiting.make()).cost == PRICE


def test_an_attempt_of_unknown_cost_makes_that_of_all_unknown():
    total = Bill("compatible", "a model of our own", USAGE).added_to(waiting.make(**EARLIER._asdict()))

    assert (total.model, total.calls, total.cost) == ("a model of our own", 5, None)


def test_after_an_attempt_of_unknown_cost_that_of_all_stays_unknown():
    generation = waiting.make(**EARLIER._replace(cost=None)._asdict())

    assert Bill("openai", MODEL, USAGE).added_to(generation).cost is None


@pytest.mark.parametrize("unknown", [USAGE.answered_by("qwen2.5"), Usage(9, calls=1, estimated=1)])
def test_a_call_of_unknown_cost_makes_that_of_all_unknown(unknown):
    assert Bill("openai", MODEL, USAGE + unknown).added_to(waiting.make()).cost is None


def test_an_attempt_without_a_call_costs_nothing_whatever_the_price():
    assert Bill("compatible", "a model of our own", Usage()).added_to(waiting.make()).cost == 0


def test_a_bill_says_whose_prices_of_when_it_was_made_by(settings):
    dated = f"built-in, {settings.MODEL_PRICES_DATE}"
    assert Bill("openai", MODEL, USAGE).provenance == {"prices_of": dated}
    mixed = USAGE + USAGE.answered_by("qwen2.5") + USAGE.answered_by(f"{MODEL}-2024-07-18")
    assert Bill("openai", MODEL, mixed).provenance == {"prices_of": f"{dated}; unknown", "answered_by": ["qwen2.5"]}
    settings.MODEL_PRICES = {"qwen2.5": (0, 0, 0)}
    assert Bill("openai", MODEL, USAGE.answered_by("qwen2.5")).provenance["prices_of"] == "MODEL_PRICES"
    assert Bill("embedded", EMBEDDED_MODEL, USAGE).provenance == {"prices_of": "free"}


def test_a_models_long_name_is_cut_to_its_column():
    total = Bill("compatible", "m" * 200, USAGE).added_to(waiting.make())

    assert total.model == "m" * MODEL_MAX_LENGTH


def test_an_ended_generation_pays_for_its_saved_answers_at_the_price_of_its_model():
    generation = waiting.make(**EARLIER._asdict(), steps={"seed": 7, "answers": ANSWERS})

    assert settled(generation) == Total("compatible", "gpt-4o", 5, 1_100, 10, 550, Decimal("0.5075"))


def test_answers_of_a_first_attempt_are_paid_for_at_the_price_of_the_configured_model(settings):
    settings.OPENAI_API_KEY, settings.OPENAI_MODEL = "test-key", MODEL
    generation = waiting.make(steps={"seed": 7, "answers": ANSWERS})

    total = settled(generation)

    assert (total.model, total.calls, total.cost) == (configured_provider().model, 2, Decimal("0.00045"))


@pytest.mark.parametrize("steps", [None, {"seed": 7, "answers": {"first": ["A plan.", astuple(Usage())]}}])
def test_an_ended_generation_whose_answers_are_billed_costs_no_more(settings, steps):
    settings.OPENAI_API_KEY = "test-key"

    assert settled(waiting.make(**EARLIER._asdict(), steps=steps)) == EARLIER
    assert settled(waiting.make(steps=steps)) == Total("", "", 0, 0, 0, 0, None)
