"""Servers that take other parameters than OpenAI's: each refusal is met once, whatever its words."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from blogsite.testing.model_server import Behaviour
from generation.failures import FailureCode, GenerationFailed
from generation.llm.allowances import LEAST, Allowances
from generation.llm.client import ModelClient
from generation.llm.dialect import Dialect, dialect_of
from generation.llm.first_calls import MOMENT
from generation.llm.providers import Provider, configured_provider, openai_effort
from generation.llm.request import ModelRequest
from generation.llm.responses import BRIEF_TOO_LONG, Completion
from generation.llm.server_errors import read_error

MESSAGES = [{"role": "system", "content": "You write."}, {"role": "user", "content": "About pots."}]
SCHEMA = {"type": "object", "additionalProperties": False}
REQUEST = ModelRequest(MESSAGES, {"max_tokens": 4000, "temperature": 0.7, "seed": 7, "frequency_penalty": 0.3}, SCHEMA)
PROVIDER = Provider("compatible", "large", "live-stream-7b", "http://models.example/v1", "a-secret", effort="low")
PARAMETERS = {"max_tokens", "temperature", "seed", "frequency_penalty", "reasoning_effort", "response_format"}
STREAMING = PARAMETERS | {"stream_options"}


def calls(count: int = 1, *, at_once: bool = False, streams: bool = True) -> list[Completion]:
    async def some_calls() -> list[Completion]:
        async with ModelClient(configured_provider()) as client:

            async def one() -> Completion:
                return await client.complete(REQUEST, [] if streams else None)

            return (
                await asyncio.gather(*(one() for _ in range(count))) if at_once else [await one() for _ in range(count)]
            )

    return asyncio.run(some_calls())


def always(server: Any, **behaviour: Any) -> None:
    server.always(replace(server.script.standing, **behaviour))


def openai_says(message: str, param: str | None) -> str:
    return json.dumps({"error": {"message": message, "type": "invalid_request_error", "param": param, "code": None}})


def validation_of(name: str) -> str:
    return json.dumps({"detail": [{"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs"}]})


def left(error: str, status: int = 400, times: int = 1) -> dict[str, Any]:
    """Return the body that is sent after this refusal of a streamed one."""
    dialect = Dialect(effort=PROVIDER.effort)
    for _ in range(times):
        body = dialect.body(PROVIDER, REQUEST, streams=True)
        assert body.keys() >= {"model", "messages"}
        dialect.learn(read_error(status, error), body)
    return dialect.body(PROVIDER, REQUEST, streams=True)


@pytest.mark.parametrize(
    ("refused", "error"),
    [
        ("temperature", openai_says("'temperature' does not support 0.7 with this model.", "temperature")),
        ("temperature", json.dumps({"error": {"message": "`temperature` is deprecated for this model."}})),
        ("temperature", json.dumps([{"error": {"code": 400, "message": "temperature: unknown field"}}])),
        ("seed", json.dumps({"detail": "Unknown field: seed"})),
        ("seed", validation_of("seed")),
        ("frequency_penalty", "Frequency penalty is not supported by this backend"),
        ("frequency_penalty", json.dumps({"message": "property 'frequency_penalty' is unsupported"})),
        ("reasoning_effort", openai_says("Unrecognized request argument supplied: reasoning_effort", None)),
        ("response_format", json.dumps({"error": {"message": "This model does not support response format"}})),
        (
            "response_format",
            json.dumps({"error": {"message": "Failed to generate JSON", "code": "json_validate_failed"}}),
        ),
        ("response_format", json.dumps([{"error": {"message": "Unknown name \"additionalProperties\" at 'x.y'"}}])),
        ("stream_options", json.dumps({"message": {"detail": [{"loc": ["body", "stream_options", "include_usage"]}]}})),
    ],
)
def test_what_a_server_refuses_is_left_out_and_nothing_else(refused: str, error: str) -> None:
    assert STREAMING - left(error).keys() == {refused}


def test_an_allowance_goes_by_its_other_name_and_then_by_none() -> None:
    error = openai_says("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", "max_tokens")
    assert left(error)["max_completion_tokens"] == 4000
    again = openai_says("Unsupported parameter: 'max_completion_tokens'", "max_completion_tokens")
    dialect = Dialect()
    for refusal in (error, again):
        assert dialect.learn(read_error(400, refusal), dialect.body(PROVIDER, REQUEST, streams=False))
    assert not {"max_tokens", "max_completion_tokens"} & dialect.body(PROVIDER, REQUEST, streams=False).keys()


def test_the_least_effort_that_is_offered_is_asked_for() -> None:
    error = "Unsupported value: 'none'. Supported values are: 'minimal', 'low' and 'high'."
    dialect = Dialect(effort="none")
    dialect.learn(
        read_error(400, openai_says(error, "reasoning_effort")), dialect.body(PROVIDER, REQUEST, streams=True)
    )
    assert dialect.body(PROVIDER, REQUEST, streams=True)["reasoning_effort"] == "minimal"


@pytest.mark.parametrize(
    "words", ["System role not supported", "Developer instruction is not enabled", "Only user and assistant roles"]
)
def test_without_a_system_role_its_text_comes_before_the_first_users(words: str) -> None:
    assert left(json.dumps({"message": words}))["messages"] == [
        {"role": "user", "content": "You write.\n\nAbout pots."}
    ]


@pytest.mark.parametrize(
    "error",
    [
        openai_says("Your organization must be verified to stream this model.", "stream"),
        "Streaming is not available on this server.",
    ],
)
def test_a_server_that_does_not_stream_is_asked_for_whole_answers(error: str) -> None:
    body = left(error)
    assert body["stream"] is False
    assert "stream_options" not in body


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_nothing_is_learnt_from_other_errors(status: int) -> None:
    dialect = Dialect()
    error = read_error(status, openai_says("no temperature, no stream", "temperature"))
    assert not dialect.learn(error, dialect.body(PROVIDER, REQUEST, streams=True))


def test_a_name_that_contains_a_parameters_teaches_nothing() -> None:
    assert left("live-stream-7b: no such deployment").keys() >= STREAMING


@pytest.mark.parametrize(
    ("words", "most"),
    [
        ("max_tokens is too large: 4000. This model supports at most 2048 completion tokens.", 2048),
        ("max_tokens: 4000 > 2048, which is the maximum allowed number of output tokens for it", 2048),
        ("Invalid max_tokens value, the valid range of max_tokens is [1, 2,048]", 2048),
        ("a maxOutputTokens value of 4000 but the supported range is from 1 (inclusive) to 2048 (exclusive)", 2047),
        ("maximum context length is 4096 tokens. However, you requested 4596 (596 in the messages, 4000)", 3484),
        ("maximum context length is 4096 tokens and your request has 596 input tokens (4000 > 4096 - 596)", 3484),
        ("`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 596 `inputs` tokens and 4000", 3484),
        ("context length of 4096 tokens: 596 tokens from the input messages and 4000 for the completion", 3484),
    ],
)
def test_a_smaller_allowance_is_asked_for_as_the_refusal_says(words: str, most: int) -> None:
    assert left(json.dumps({"message": words}))["max_tokens"] == most


@pytest.mark.parametrize(
    "words",
    [
        "prompt is too long: 9000 tokens > 8000 maximum",
        "maximum context length is 4096 tokens. However, you requested 8000 (4000 in the messages, 4000)",
    ],
)
def test_a_brief_that_is_too_long_for_the_model_is_said_to_be(model_server: Any, words: str) -> None:
    always(model_server, status=400, raw=json.dumps({"error": {"message": words}}))
    with pytest.raises(GenerationFailed) as caught:
        calls()
    assert (caught.value.code, caught.value.message) == (FailureCode.TRUNCATED, BRIEF_TOO_LONG)
    assert len(model_server.calls) == 1


@pytest.mark.parametrize(
    "refused", ["stream", "stream_options", "response_format", "temperature", "system", "max_tokens"]
)
def test_each_parameter_is_refused_once_in_a_process(model_server: Any, refused: str) -> None:
    always(model_server, refuses=(refused,))
    assert all(completion.text for completion in calls(2) + calls(1))
    assert len(model_server.calls) == 4


def test_several_parameters_are_refused_once_each(model_server: Any) -> None:
    always(model_server, refuses=("temperature", "seed", "response_format", "stream_options"))
    assert calls()[0].text
    assert len(model_server.calls) == 5


def test_calls_that_start_together_meet_a_refusal_once(model_server: Any) -> None:
    always(model_server, refuses=("temperature",))
    assert len(calls(8, at_once=True)) == 8
    assert len(model_server.calls) == 9


def test_a_call_that_is_not_refused_at_once_keeps_nobody_waiting(model_server: Any) -> None:
    model_server.answer(Behaviour(delay=3 * MOMENT))
    always(model_server, delay=0.0)
    calls(4, at_once=True)
    first, *others = model_server.calls
    assert all(call.arrived < first.ended for call in others)


def test_what_was_learnt_is_known_to_all_of_the_process(model_server: Any) -> None:
    always(model_server, refuses=("seed",))
    calls()
    assert "seed" in dialect_of(configured_provider()).left_out
    assert dialect_of(replace(configured_provider(), model="another")).left_out == set()


def test_what_openai_is_sent_for_its_default_model() -> None:
    provider = Provider("openai", "large", "gpt-4o-mini", None, "k", effort=openai_effort("gpt-4o-mini"))
    assert dialect_of(provider).body(provider, REQUEST, streams=True) == {
        "model": "gpt-4o-mini",
        "messages": MESSAGES,
        "max_completion_tokens": 4000,
        "temperature": 0.7,
        "seed": 7,
        "frequency_penalty": 0.3,
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA}},
        "stream": True,
        "stream_options": {"include_usage": True},
    }


@pytest.mark.parametrize(("model", "effort"), [("gpt-4o", ""), ("gpt-3.5-turbo", ""), ("gpt-6-luna", "none")])
def test_only_openais_models_that_think_are_asked_not_to(model: str, effort: str) -> None:
    assert openai_effort(model) == effort


def test_a_longer_prompt_in_a_small_context_leaves_the_answer_no_less_than_a_start() -> None:
    assert Allowances(context=4096).for_call(1500, [{"role": "user", "content": "x" * 12_000}]) == LEAST
