"""Many calls of one post, against a real server."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.allowances import ROOM_TO_THINK
from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.llm.prompt_size import most_prompt_tokens
from generation.llm.providers import Provider, configured_provider
from generation.llm.request import ModelRequest
from generation.llm.responses import Completion
from generation.writer.calls import BYTES_A_TOKEN, ONLY_THOUGHTS, OVER_BUDGET, ModelCalls

MAX_TOKENS = 60


def request_for(subject: str) -> ModelRequest:
    messages = [{"role": "user", "content": f"Tell me about {subject}."}]
    return ModelRequest(messages, {"max_tokens": MAX_TOKENS, "temperature": 0.5})


POTS, SOIL = request_for("pots"), request_for("soil")
# The most that one of them can take: its prompt and the longest answer.
PROMPT = len("Tell me about pots.") // BYTES_A_TOKEN
MOST_PROMPT = most_prompt_tokens(POTS)
CALL = PROMPT + MAX_TOKENS


def run(
    work: Callable[[ModelCalls], Awaitable[Any]],
    paid_answers: PaidAnswers | None = None,
    provider: Provider | None = None,
) -> Any:
    async def with_client() -> Any:
        async with ModelClient(provider or configured_provider()) as client:
            return await work(ModelCalls(client, paid_answers))

    return asyncio.run(with_client())


def failure(work: Callable[[ModelCalls], Awaitable[Any]], paid_answers: PaidAnswers | None = None) -> GenerationFailed:
    with pytest.raises(GenerationFailed) as caught:
        run(work, paid_answers)
    return caught.value


def answer(server: Any, times: int = 1, **behaviour: Any) -> None:
    server.answer(replace(server.script.standing, **behaviour), times=times)


def both(calls: ModelCalls) -> Awaitable[list[str]]:
    return calls.many([POTS, SOIL], lambda number, text: None)


def counted(request: ModelRequest, text: str) -> Usage:
    """Return the usage that the loopback server counts for a call."""
    return Usage(len(json.dumps(request.messages)) // 4, len(text) // 4, calls=1).answered_by("gpt-4o-mini")


def test_answers_are_returned_in_the_order_of_the_requests(model_server: Any) -> None:
    answer(model_server, when="about pots.", text="Clay pots.", delay=0.1)
    answer(model_server, when="about soil.", text="Loam.")
    arrived: list[tuple[int, str]] = []

    async def work(calls: ModelCalls) -> list[str]:
        await calls.one(request_for("lime"))  # a server's first call goes alone
        return await calls.many([POTS, SOIL], lambda number, text: arrived.append((number, text)))

    assert run(work) == ["Clay pots.", "Loam."]
    assert arrived == [(1, "Loam."), (0, "Clay pots.")]


def test_no_more_calls_run_at_once_than_the_provider_allows(model_server: Any) -> None:
    model_server.always(replace(model_server.script.standing, delay=0.05))
    run(both, provider=Provider("embedded", "small", "smol", model_server.url, "key", calls_at_once=1))
    first, second = model_server.calls
    assert first.ended <= second.arrived


def test_a_failure_among_many_leaves_the_usage_of_the_others(model_server: Any) -> None:
    answer(model_server, when="about pots.", status=503, delay=1.0, retry_after=4)
    paid_answers = PaidAnswers()
    caught = failure(both, paid_answers)
    assert (caught.code, caught.retry_after) == (FailureCode.PROVIDER_UNAVAILABLE, 4)
    assert paid_answers.usage.calls == 1
    assert paid_answers.find("gpt-4o-mini", SOIL)


def test_the_first_failure_among_many_cancels_the_others(model_server: Any) -> None:
    answer(model_server, when="about pots.", fault="hang")
    answer(model_server, when="about soil.", status=401)
    assert failure(both).code == FailureCode.PROVIDER_REJECTED
    model_server.wait_until(lambda calls: all(call.ended for call in calls))


@pytest.mark.parametrize(
    ("behaviour", "code", "raw_end"),
    [
        ({"text": " \n"}, FailureCode.EMPTY_OUTPUT, ""),
        ({"text": "Half a", "finish_reason": "length"}, FailureCode.TRUNCATED, "Half a"),
        ({"fault": "broken_body"}, FailureCode.INVALID_OUTPUT, '"content": "Half'),
    ],
)
def test_a_spoiled_answer_is_retried_twice_and_no_third_time(
    model_server: Any, behaviour: dict[str, Any], code: FailureCode, raw_end: str
) -> None:
    answer(model_server, times=2, **behaviour)
    answer(model_server, text="Clay.")
    assert run(lambda calls: calls.one(POTS)) == "Clay."
    answer(model_server, times=3, **behaviour)
    caught = failure(lambda calls: calls.one(POTS))
    assert caught.code == code
    assert caught.raw.endswith(raw_end)
    assert len(model_server.calls) == 6


def test_an_answer_without_end_is_not_requested_again(model_server: Any) -> None:
    answer(model_server, fault="endless")
    paid_answers = PaidAnswers()
    assert failure(lambda calls: calls.one(POTS), paid_answers).code == FailureCode.INVALID_OUTPUT
    usage = paid_answers.usage
    assert (len(model_server.calls), usage.calls, usage.estimated, usage.prompt_tokens) == (1, 1, 1, MOST_PROMPT)


def test_the_caller_sets_the_number_of_retries(model_server: Any) -> None:
    answer(model_server, times=2, text="")
    assert failure(lambda calls: calls.one(POTS, repairs=0)).code == FailureCode.EMPTY_OUTPUT
    assert failure(lambda calls: calls.one(POTS, repairs=0)).code == FailureCode.EMPTY_OUTPUT
    assert len(model_server.calls) == 2


def test_among_many_only_malformed_answers_are_retried(model_server: Any) -> None:
    answer(model_server, when="about pots.", fault="broken_body")
    answer(model_server, when="about pots.", text="Half a", finish_reason="length")
    answer(model_server, when="about soil.", text="")
    assert run(both) == ["Half a", ""]
    assert len(model_server.calls) == 3


def test_what_only_waiting_fixes_is_not_retried_at_once(model_server: Any) -> None:
    answer(model_server, status=429)
    assert failure(lambda calls: calls.one(POTS)).code == FailureCode.RATE_LIMITED
    assert len(model_server.calls) == 1


def test_a_paid_answer_is_not_requested_again(model_server: Any) -> None:
    paid_answers = PaidAnswers()
    paid_answers.keep("gpt-4o-mini", POTS, Completion("Paid.", "stop", Usage(calls=1)))
    paid_answers.keep("another-model", SOIL, Completion("Of another model.", "stop", Usage(calls=1)))
    answer(model_server, text="Loam.")
    assert run(both, paid_answers) == ["Paid.", "Loam."]
    assert run(both, paid_answers) == ["Paid.", "Loam."]
    assert ["about soil." in call.said for call in model_server.calls] == [True]


def test_a_streamed_answer_fills_the_pieces(model_server: Any) -> None:
    answer(model_server, text="Clay breathes.")
    pieces: list[str] = []
    assert run(lambda calls: calls.one(POTS, pieces=pieces)) == "".join(pieces) == "Clay breathes."


def test_every_call_counts_whether_it_produced_an_answer_or_not(model_server: Any) -> None:
    answer(model_server, text="Clay.")
    answer(model_server, refusal="No soil today.")
    paid_answers = PaidAnswers()

    async def work(calls: ModelCalls) -> None:
        await calls.one(POTS)
        assert calls.usage == counted(POTS, "Clay.")
        await calls.one(SOIL)

    assert failure(work, paid_answers).code == FailureCode.REFUSED
    assert paid_answers.usage == counted(POTS, "Clay.") + counted(SOIL, "")


def test_a_call_that_could_exceed_the_budget_is_not_made(model_server: Any, settings: Settings) -> None:
    settings.GENERATION_TOKENS_MAX = CALL
    assert run(lambda calls: calls.one(POTS))
    settings.GENERATION_TOKENS_MAX = CALL - 1
    caught = failure(lambda calls: calls.one(SOIL))
    assert caught.code == FailureCode.QUOTA_EXCEEDED
    assert caught.message == OVER_BUDGET.format(spent=0, next=CALL, limit=CALL - 1)
    assert len(model_server.calls) == 1


def test_earlier_attempts_count_towards_the_budget(model_server: Any, settings: Settings) -> None:
    settings.GENERATION_TOKENS_MAX = 1000
    paid_answers = PaidAnswers(spent=900)
    paid_answers.spend(Usage(prompt_tokens=30, completion_tokens=40, cached_tokens=30, calls=1))
    caught = failure(lambda calls: calls.one(POTS), paid_answers)
    assert caught.message == OVER_BUDGET.format(spent=970, next=CALL, limit=1000)
    assert model_server.calls == []


def test_a_call_in_flight_reserves_the_most_that_it_can_take(model_server: Any, settings: Settings) -> None:
    settings.GENERATION_TOKENS_MAX = 2 * CALL - 1
    model_server.always(replace(model_server.script.standing, delay=0.1))
    caught = failure(both)
    assert caught.message == OVER_BUDGET.format(spent=CALL, next=CALL, limit=2 * CALL - 1)
    assert len(model_server.calls) <= 1


def test_an_aborted_call_is_estimated_by_its_prompt_and_the_text_that_had_come(model_server: Any) -> None:
    answer(model_server, text="Clay breathes. " * 50, drip=0.0005)
    paid_answers, pieces = PaidAnswers(), list[str]()

    async def work(calls: ModelCalls) -> None:
        call = asyncio.create_task(calls.one(POTS, pieces=pieces))
        while not pieces:
            await asyncio.sleep(0.01)
        call.cancel()
        await asyncio.wait([call])

    run(work, paid_answers)
    streamed = len("".join(pieces).encode()) // BYTES_A_TOKEN
    assert paid_answers.usage == Usage(
        MOST_PROMPT, streamed, calls=1, estimated=1, cut_tokens=max(0, MAX_TOKENS - streamed)
    )


def test_a_call_is_charged_for_when_it_ran_out_of_time_but_not_when_the_server_was_away(
    model_server: Any, settings: Settings
) -> None:
    settings.GENERATION_CALL_DEADLINE = 0.2
    paid_answers = PaidAnswers()
    answer(model_server, fault="hang")
    assert failure(lambda calls: calls.one(POTS), paid_answers).code == FailureCode.TIMEOUT
    assert paid_answers.usage == Usage(MOST_PROMPT, calls=1, estimated=1, cut_tokens=MAX_TOKENS)
    answer(model_server, status=503)
    for _ in range(2):
        assert failure(lambda calls: calls.one(SOIL, pieces=[]), paid_answers)
        settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    assert paid_answers.usage.calls == 1


def assert_spent(tokens: int, work: Callable[[ModelCalls], Awaitable[Any]], settings: Settings) -> None:
    """Check how many tokens the post has spent after `work`, by the message of a call too many."""

    async def then_one_too_many(calls: ModelCalls) -> None:
        await work(calls)
        settings.GENERATION_TOKENS_MAX = 0
        await calls.one(SOIL)

    assert failure(then_one_too_many).message == OVER_BUDGET.format(spent=tokens, next=CALL, limit=0)


def test_a_finished_call_costs_what_the_server_counted(model_server: Any, settings: Settings) -> None:
    answer(model_server, text="Clay.")
    usage = counted(POTS, "Clay.")
    assert_spent(usage.prompt_tokens + usage.completion_tokens, lambda calls: calls.one(POTS), settings)


def test_a_finished_call_of_a_server_that_counts_nothing_is_estimated(model_server: Any, settings: Settings) -> None:
    answer(model_server, text="Clay breathes.", dialect="uncounted")
    estimate = MOST_PROMPT + len("Clay breathes.") // BYTES_A_TOKEN
    assert_spent(estimate, lambda calls: calls.one(POTS, pieces=[]), settings)


def test_a_failed_call_costs_what_the_server_counted(model_server: Any, settings: Settings) -> None:
    answer(model_server, refusal="No pots today.")
    answer(model_server, status=500)

    async def work(calls: ModelCalls) -> None:
        for _ in range(2):
            with pytest.raises(GenerationFailed):
                await calls.one(POTS)

    assert_spent(counted(POTS, "").prompt_tokens, work, settings)


THOUGHTS = {"choices": [{"message": {"content": None, "reasoning_content": "Hm."}, "finish_reason": "length"}]}


def test_an_answer_of_thoughts_alone_is_asked_for_once_more_with_room(model_server: Any) -> None:
    answer(model_server, raw=json.dumps(THOUGHTS))
    run(lambda calls: calls.one(POTS))
    run(lambda calls: calls.one(SOIL))  # what was learnt is known from the start
    assert [call.body["max_tokens"] for call in model_server.calls] == [
        MAX_TOKENS,
        ROOM_TO_THINK * MAX_TOKENS,
        ROOM_TO_THINK * MAX_TOKENS,
    ]


@pytest.mark.parametrize("finish", ["length", "stop"])
def test_a_model_that_only_thinks_is_not_asked_again_and_again(model_server: Any, finish: str) -> None:
    thoughts = {"choices": [THOUGHTS["choices"][0] | {"finish_reason": finish}]}
    model_server.always(replace(model_server.script.standing, raw=json.dumps(thoughts)))
    caught = failure(lambda calls: calls.one(POTS))
    assert (caught.code, caught.message) == (FailureCode.TRUNCATED, ONLY_THOUGHTS)
    assert "OPENAI_REASONING_EFFORT" in caught.details
    assert len(model_server.calls) == 2


@pytest.mark.parametrize("reason", ["length", "max_tokens", "MODEL_LENGTH", "insufficient_system_resource", "abort"])
def test_an_answer_that_was_cut_is_no_text_whatever_its_server_calls_it(model_server: Any, reason: str) -> None:
    model_server.always(replace(model_server.script.standing, text="Clay breathes.", finish_reason=reason))
    caught = failure(lambda calls: calls.one(POTS, repairs=0))
    assert (caught.code, caught.raw) == (FailureCode.TRUNCATED, "Clay breathes.")
    assert reason.lower() in caught.details
