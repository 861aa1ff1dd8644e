"""Answers and usage that one attempt leaves to the next."""

import json
from dataclasses import replace

import pytest

from generation.costs import Usage
from generation.llm.paid_answers import PaidAnswers
from generation.llm.request import ModelRequest
from generation.llm.responses import Completion
from generation.models import Generation

POTS = ModelRequest([{"role": "user", "content": "Tell me about pots."}], {"max_tokens": 60, "temperature": 0.5})
SOIL = replace(POTS, messages=[{"role": "user", "content": "Tell me about soil."}])
POTS_USAGE, SOIL_USAGE = Usage(100, 10, 50, 1), Usage(2000, 200, 700, 1)


def two_answers() -> PaidAnswers:
    """Return two paid answers, and the usage of a third call that produced none."""
    paid_answers = PaidAnswers()
    for request, text, usage in ((POTS, "Clay.", POTS_USAGE), (SOIL, "Loam.", SOIL_USAGE)):
        paid_answers.spend(usage)
        paid_answers.keep("small-model", request, Completion(text, "stop", usage))
    paid_answers.spend(Usage(prompt_tokens=7, calls=1))
    return paid_answers


def restored(paid_answers: PaidAnswers, *, billed: bool) -> PaidAnswers:
    """Return what the next attempt reads from the database."""
    return PaidAnswers(saved=json.loads(json.dumps(paid_answers.as_json(billed=billed))))


def test_each_request_finds_its_own_answer() -> None:
    paid_answers = two_answers()
    assert [paid_answers.find("small-model", request) for request in (POTS, SOIL)] == ["Clay.", "Loam."]
    assert len(paid_answers) == 2


@pytest.mark.parametrize(
    ("model", "request_"),
    [
        ("large-model", POTS),
        ("small-model", replace(POTS, messages=[*POTS.messages, *SOIL.messages])),
        ("small-model", replace(POTS, sampling={**POTS.sampling, "seed": 1})),
        ("small-model", replace(POTS, json_schema={"type": "object"})),
    ],
    ids=["model", "messages", "sampling", "schema"],
)
def test_a_request_that_differs_finds_no_answer(model: str, request_: ModelRequest) -> None:
    assert two_answers().find(model, request_) is None
    assert PaidAnswers().find("small-model", POTS) is None


def test_usage_adds_up_with_and_without_an_answer() -> None:
    assert two_answers().usage == POTS_USAGE + SOIL_USAGE + Usage(prompt_tokens=7, calls=1)
    assert PaidAnswers().usage == Usage()


def test_the_next_attempt_finds_the_answers_and_the_seed() -> None:
    paid_answers = two_answers()
    for billed in (True, False):
        again = restored(paid_answers, billed=billed)
        assert [again.find("small-model", request) for request in (POTS, SOIL)] == ["Clay.", "Loam."]
        assert again.seed == paid_answers.seed


def test_usage_is_the_next_attempts_until_it_is_billed() -> None:
    assert restored(two_answers(), billed=False).usage == two_answers().usage
    assert restored(two_answers(), billed=True).usage == Usage()


def test_what_brought_no_answer_is_kept_too_until_it_is_billed() -> None:
    paid_answers = PaidAnswers()
    assert paid_answers.as_json() is None
    paid_answers.spend(POTS_USAGE.answered_by("small-model"))
    assert restored(paid_answers, billed=False).usage == POTS_USAGE.answered_by("small-model")
    assert paid_answers.as_json(billed=True) is None
    assert paid_answers, "it has usage all the same"


def test_what_an_earlier_version_saved_is_read() -> None:
    """It kept four numbers with each answer."""
    saved = {"seed": 7, "answers": {"first": ["Clay.", [100, 10, 50, 1]], "second": ["Loam.", [2000, 200, 700, 1]]}}
    paid_answers = PaidAnswers(saved=saved)
    assert (len(paid_answers), paid_answers.seed) == (2, 7)
    assert paid_answers.usage == POTS_USAGE + SOIL_USAGE


def test_seeds_differ_between_posts() -> None:
    assert len({PaidAnswers().seed for _ in range(5)}) > 1


def test_the_answers_of_a_generation_know_what_is_on_its_bill() -> None:
    row = Generation(prompt_tokens=3000, completion_tokens=400, steps=two_answers().as_json())
    paid_answers = PaidAnswers.of(row)
    assert paid_answers.spent == 3400
    assert paid_answers.usage == two_answers().usage
    assert PaidAnswers().spent == 0
