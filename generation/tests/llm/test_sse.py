"""Streamed answers, from a real server that misbehaves in the middle of them."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.answer import AnswerReader
from generation.llm.bounds import Allowance
from generation.llm.client import ModelClient
from generation.llm.providers import configured_provider
from generation.llm.request import ModelRequest
from generation.llm.responses import MODEL_REFUSED, Completion
from generation.llm.sse import StreamReader

QUESTION = [{"role": "user", "content": "Tell me about pots."}]
REQUEST = ModelRequest(QUESTION, {"max_tokens": 500, "temperature": 0.5})
SENTENCE = "Clay breathes. " * 20


def stream(pieces: list[str] | None = None, calls: int = 1) -> Completion:
    pieces = [] if pieces is None else pieces

    async def some_calls() -> Completion:
        async with ModelClient(configured_provider()) as client:
            for _ in range(calls):
                answer = await client.complete(REQUEST, pieces)
            return answer

    return asyncio.run(some_calls())


def failure(pieces: list[str] | None = None) -> GenerationFailed:
    with pytest.raises(GenerationFailed) as caught:
        stream(pieces)
    return caught.value


def always(server: Any, **behaviour: Any) -> None:
    server.always(replace(server.script.standing, **behaviour))


def test_a_streamed_answer_has_its_text_its_pieces_and_its_usage(model_server: Any) -> None:
    always(model_server, text=SENTENCE)
    pieces = ["of an earlier try"]
    completion = stream(pieces)
    assert completion.text == "".join(pieces) == SENTENCE
    assert len(pieces) > 3
    assert completion.finish_reason == "stop"
    assert completion.usage == Usage(
        len(json.dumps(QUESTION)) // 4, completion_tokens=len(SENTENCE) // 4, cached_tokens=0, calls=1
    ).answered_by(model_server.calls[0].body["model"])
    assert model_server.calls[0].body["stream_options"] == {"include_usage": True}


def test_a_connection_is_used_again_after_a_stream(model_server: Any) -> None:
    stream(calls=3)
    assert (len(model_server.calls), model_server.connections) == (3, 1)


def test_a_call_without_pieces_is_not_streamed(model_server: Any) -> None:
    async def one_call() -> None:
        async with ModelClient(configured_provider()) as client:
            await client.complete(REQUEST)

    asyncio.run(one_call())
    assert model_server.calls[0].body["stream"] is False


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ({"fault": "cut"}, FailureCode.PROVIDER_UNAVAILABLE),
        ({"fault": "reset"}, FailureCode.PROVIDER_UNAVAILABLE),
        ({"fault": "broken_body"}, FailureCode.INVALID_OUTPUT),
        ({"fault": "error_event"}, FailureCode.PROVIDER_UNAVAILABLE),
        ({"fault": "error_event", "code": "rate_limit_exceeded"}, FailureCode.RATE_LIMITED),
        ({"fault": "error_event", "code": "insufficient_quota"}, FailureCode.QUOTA_EXCEEDED),
        ({"finish_reason": "content_filter"}, FailureCode.REFUSED),
        ({"refusal": "No pots today."}, FailureCode.REFUSED),
        ({"status": 429}, FailureCode.RATE_LIMITED),
        ({"status": 500}, FailureCode.PROVIDER_UNAVAILABLE),
        ({"status": 401}, FailureCode.PROVIDER_REJECTED),
    ],
)
def test_each_failure_has_its_code_and_is_one_call(
    model_server: Any, behaviour: dict[str, Any], code: FailureCode
) -> None:
    always(model_server, **behaviour)
    assert failure().code == code
    assert len(model_server.calls) == 1


@pytest.mark.parametrize("fault", ["cut", "error_event"])
def test_the_text_before_a_break_is_kept(model_server: Any, fault: str) -> None:
    always(model_server, text=SENTENCE, fault=fault)
    pieces: list[str] = []
    caught = failure(pieces)
    assert 0 < len(caught.raw) < len(SENTENCE)
    assert SENTENCE.startswith(caught.raw)
    assert (caught.raw, caught.usage) == ("".join(pieces), Usage(calls=1))


def test_a_complete_answer_counts_however_its_connection_ends(model_server: Any) -> None:
    always(model_server, text=SENTENCE, fault="late_reset")
    completion = stream()
    assert (completion.text, completion.usage.completion_tokens > 0) == (SENTENCE, True)


def test_a_refusal_is_quoted(model_server: Any) -> None:
    always(model_server, refusal="No pots today.")
    assert failure().message == MODEL_REFUSED.format(quote="No pots today.")


def test_a_text_cut_off_at_its_limit_is_left_to_the_caller(model_server: Any) -> None:
    always(model_server, finish_reason="length")
    assert stream().finish_reason == "length"


@pytest.mark.parametrize("behaviour", [{"fault": "hang"}, {"drip": 0.05}])
def test_a_stream_that_hangs_or_drips_ends_at_the_deadline(
    model_server: Any, settings: Settings, behaviour: dict[str, Any]
) -> None:
    settings.GENERATION_CALL_DEADLINE = 0.5
    always(model_server, **behaviour)
    assert failure().code == FailureCode.TIMEOUT
    model_server.wait_until(lambda calls: calls[0].disconnected)


def test_a_server_without_stream_options_is_called_without_them_from_then_on(model_server: Any) -> None:
    always(model_server, refuses=("stream_options",))
    assert stream(calls=2).usage == Usage(calls=1)
    assert ["stream_options" in call.body for call in model_server.calls] == [True, False, False]


def test_a_server_that_rejects_streams_is_called_without_them_from_then_on(model_server: Any) -> None:
    always(model_server, refuses=("stream",))
    assert stream(calls=2).usage.completion_tokens > 0
    assert [call.body["stream"] for call in model_server.calls] == [True, False, False]


def test_a_server_that_ignores_the_stream_option_is_understood(model_server: Any) -> None:
    always(model_server, dialect="whole", text=SENTENCE)
    assert stream().text == SENTENCE


def test_a_stream_without_token_counts_is_one_call_of_unknown_usage(model_server: Any) -> None:
    always(model_server, dialect="uncounted")
    assert stream().usage == Usage(calls=1)


def read(*data: bytes) -> Completion:
    reader = StreamReader([], Allowance(500, "here:1"), configured_provider())
    for part in data:
        reader.feed(part)
    return reader.completion()


def test_lines_may_be_cut_anywhere_and_end_in_any_way() -> None:
    whole = (
        b': hello\r\nevent: x\r\n\r\ndata: {"choices":[{"delta":{"content":"Clay \xc3\xa9"}}]}\r\n\r\n'
        b'data:{"choices":[{"delta":{"content":"!\\u0000"},"finish_reason":"stop"}]}\n\ndata: [DONE]'
    )
    assert read(whole).text == read(*(bytes([byte]) for byte in whole)).text == "Clay é!"


@pytest.mark.parametrize(
    "data", [b'data: {"choices":[1]}\n', b"data: {\n\n", b'data: {"choices":[{"delta":{"content":5}}]}\n']
)
def test_a_chunk_that_is_not_part_of_a_completion_is_invalid(data: bytes) -> None:
    with pytest.raises(GenerationFailed) as caught:
        read(data)
    assert caught.value.code == FailureCode.INVALID_OUTPUT


@pytest.mark.parametrize("data", [b"", b"data: 1\n", b"data: {}\n\n", b"data: null\n", b'data: {"cho'])
def test_a_stream_without_an_answer_is_a_lost_connection(data: bytes) -> None:
    with pytest.raises(GenerationFailed) as caught:
        read(data)
    assert caught.value.code == FailureCode.PROVIDER_UNAVAILABLE


PARTS = [
    b'data: {"choices":[{"delta":{"content":"Clay. "}}]}\n\n',
    b'data: {"choices":[{"delta":{"content":[{"type":"text","text":"Loam."}]}}]}\r\n\r\n',
    b'data: {"choices":[{"delta":{"reasoning_content":"Hm."}}]}\n',
    b'data: {"choices":null,"usage":{"prompt_tokens":3}}\n\n',
    b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n',
    b'data: {"choices":[{"finish_reason":null,"usage":{"completion_tokens":2}}]}\n\n',
    b'data: {"error":{"message":"no","code":500}}\n\n',
    b'data: {"choices":\ndata: []}\n\n',
    b"data: [DONE]\n\n",
    b": ping\n\n",
    b"event: error\n",
    b"data: <think>",
    b'{"error": "bare"}\n',
    b"\xff\xfe\x00",
    b'{"choices":[{"message":{"content":"Whole."}}]}',
    b"<html>",
]


@given(st.lists(st.sampled_from(PARTS) | st.binary(max_size=30), max_size=12), st.data())
def test_no_stream_is_beyond_reading_and_none_is_read_differently_when_it_is_cut(parts: list[bytes], data: Any) -> None:
    stream = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert outcome(pieces) == outcome([stream])


def outcome(pieces: list[bytes]) -> object:
    reader = AnswerReader([], Allowance(500, "here:1"), configured_provider())
    try:
        for piece in pieces:
            reader.feed(piece)
            if reader.done:
                break
        return reader.completion()
    except GenerationFailed as failure:
        return failure.code


ENDLESS = [b"x", b"data: ", b"data: {", b"data: {\n", b'data: {"choices":[{"delta":{"content":"<think>a"}}]}\n']


@pytest.mark.parametrize("begins_as_stream", [True, False])
@pytest.mark.parametrize("part", ENDLESS)
def test_an_endless_answer_of_any_kind_is_ended(part: bytes, *, begins_as_stream: bool) -> None:
    allowance = Allowance(10, "here:1")
    reader = AnswerReader([], allowance, configured_provider())

    def read_it_all() -> None:
        for _ in range(allowance.text + 2):
            reader.feed(part)

    reader.feed(b": ping\n" if begins_as_stream else b" ")
    with pytest.raises(GenerationFailed):
        read_it_all()
