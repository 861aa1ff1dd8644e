"""A server that never stops is stopped, and costs one failed call; nothing of its size is kept."""

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogs.models import Status
from blogsite.testing.model_server import Behaviour, Fault
from blogsite.testing.model_server.wire_format import OVERSIZED
from blogsite.testing.posts import DRAFTING, fresh, request_post
from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.bounds import BYTES_A_TOKEN, BYTES_AROUND, ERROR_BYTES, TOO_MUCH, Allowance
from generation.llm.client import ModelClient
from generation.llm.connections import HEADER_BYTES
from generation.llm.providers import configured_provider
from generation.llm.request import ModelRequest
from generation.llm.responses import RAW_LIMIT, Completion
from generation.llm.sse import StreamReader
from generation.models import Generation
from generation.tests.llm.test_client import BluntServer, blunt_server
from generation.worker.executor import write_due

TOKENS = 50
TEXT_LIMIT = TOKENS * BYTES_A_TOKEN + BYTES_AROUND


def complete(pieces: list[str] | None = None) -> Completion:
    async def one_call() -> Completion:
        async with ModelClient(configured_provider()) as client:
            question = [{"role": "user", "content": "?"}]
            return await client.complete(ModelRequest(question, {"max_tokens": TOKENS, "temperature": 0}), pieces)

    return asyncio.run(one_call())


def failure(pieces: list[str] | None = None) -> GenerationFailed:
    with pytest.raises(GenerationFailed) as caught:
        complete(pieces)
    return caught.value


def response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


JSON, PACKED = "Content-Type: application/json", "Content-Encoding: gzip"
ANSWER = json.dumps({"choices": [{"message": {"content": "Clay."}}]}).encode()


@pytest.fixture
def answered(settings: Any) -> Iterator[Callable[[bytes], BluntServer]]:
    """Return a function that makes a server with one response the model's."""
    with ExitStack() as servers:

        def start(response: bytes) -> BluntServer:
            server = servers.enter_context(blunt_server(response))
            settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "k", server.url
            return server

        yield start


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize("fault", [Fault.ENDLESS, Fault.ONE_LINE, Fault.OVERSIZED])
def test_an_answer_beyond_its_bound_is_ended_at_once(model_server, fault, streams):
    model_server.answer(Behaviour(fault=fault))
    pieces: list[str] | None = [] if streams else None

    failed = failure(pieces)

    assert failed.code == FailureCode.INVALID_OUTPUT
    assert TOO_MUCH.format(limit=TEXT_LIMIT, tokens=TOKENS) in failed.details
    assert len("".join(pieces or []).encode()) <= TEXT_LIMIT
    assert 0 < len(failed.raw) <= RAW_LIMIT or fault == Fault.ONE_LINE
    assert failed.usage == Usage(calls=1)
    model_server.wait_until(lambda calls: calls[0].ended is not None)


def test_comments_that_never_end_are_ended_too(answered):
    answered(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + b": ping\n\n" * 200_000)

    assert failure([]).code == FailureCode.INVALID_OUTPUT


@pytest.mark.parametrize("streams", [True, False])
def test_the_body_of_an_error_is_cut_and_its_status_tells_what_it_is(answered, streams):
    body = b'{"error": {"message": "' + b"x" * (40 * ERROR_BYTES)
    head = f"HTTP/1.1 401 No\r\nContent-Type: application/json\r\nContent-Length: {10**9}\r\n\r\n".encode()
    answered(head + body)

    assert failure([] if streams else None).code == FailureCode.PROVIDER_REJECTED


def test_a_packed_answer_is_understood(answered):
    answered(response(gzip.compress(ANSWER), JSON, PACKED))

    assert complete().text == "Clay."


def test_a_packed_answer_is_bounded_as_it_is_unpacked(answered):
    body = gzip.compress(b"x" * 20_000_000)
    assert len(body) < TEXT_LIMIT
    answered(response(body, JSON, PACKED))

    assert f"for an answer of at most {TOKENS} tokens" in failure().details


def test_an_answer_that_is_packed_twice_is_not_unpacked(answered):
    answered(response(gzip.compress(gzip.compress(ANSWER)), JSON, "Content-Encoding: gzip, gzip"))

    assert failure().code == FailureCode.INVALID_OUTPUT


def test_a_packed_error_is_understood(answered):
    body = json.dumps({"error": {"code": "insufficient_quota", "message": "Pay first."}}).encode()
    answered(response(gzip.compress(body), JSON, PACKED, status="429 Wait"))

    caught = failure()

    assert caught.code == FailureCode.QUOTA_EXCEEDED
    assert "Pay first." in caught.details


def test_a_packed_error_is_bounded_as_it_is_unpacked(answered):
    body = json.dumps({"error": {"message": "Pay." * ERROR_BYTES}}).encode()
    answered(response(gzip.compress(body), JSON, PACKED, status="402 Pay"))

    caught = failure()

    assert caught.code == FailureCode.QUOTA_EXCEEDED
    assert "Pay." not in caught.message


@pytest.mark.parametrize("charset", ["bz2", "utf-16"])
def test_an_error_is_read_as_json_whatever_its_character_set(answered, charset):
    answered(response(b'{"error": {"code": "insufficient_quota"}}', f"{JSON}; charset={charset}", status="429 Wait"))

    assert failure().code == FailureCode.QUOTA_EXCEEDED


def test_the_body_of_a_redirect_is_not_read_to_its_end(answered):
    head = f"HTTP/1.1 307 Elsewhere\r\nLocation: /v1\r\nContent-Length: {10**9}\r\n\r\n".encode()
    server = answered(head + b"x" * 2 * ERROR_BYTES)

    assert failure().code == FailureCode.PROVIDER_UNAVAILABLE
    assert len(server.requests) > 1


def test_a_stream_is_complete_whatever_its_server_sends_after_its_end(answered):
    stream = b'data: {"choices": [{"delta": {"content": "Clay."}}]}\n\ndata: [DONE]\n\n'
    answered(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + stream + b": ping\n\n" * 200_000)

    assert complete([]).text == "Clay."


def test_a_long_header_is_read(answered):
    answered(response(ANSWER, JSON, "X: " + "x" * (HEADER_BYTES - 1000)))

    assert complete().text == "Clay."


def test_nobody_asks_for_a_packed_answer(answered):
    server = answered(response(ANSWER, JSON))

    complete()

    assert server.headers[0]["accept-encoding"] == "identity"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", [Fault.ENDLESS, Fault.OVERSIZED])
def test_a_neighbour_is_written_meanwhile_and_nothing_of_that_size_is_saved(model_server, settings, fault):
    settings.GENERATION_RENEW_EVERY = 0.05
    poisoned = request_post("Pots")
    model_server.always(Behaviour(fault=fault, when="Pots"))
    neighbour = request_post("Bread")

    write_due()

    generation = Generation.objects.get(post=poisoned)
    assert fresh(neighbour).status == Status.COMPLETED
    assert (fresh(poisoned).status, generation.failure_code) == (Status.FAILED, "invalid_output")
    assert generation.calls == 1  # asking again would cost as much, and end the same
    assert len(generation.content) < OVERSIZED / 20
    assert len(str(generation.steps)) < OVERSIZED / 20


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_never_ends_fails_with_its_bill(model_server):
    post = request_post()
    model_server.always(Behaviour(fault=Fault.ENDLESS, when=DRAFTING))

    write_due()

    generation = Generation.objects.get()
    assert (fresh(post).status, generation.failure_code) == (Status.FAILED, "invalid_output")
    assert generation.calls == len(model_server.calls) == 2


@given(data=st.data())
def test_a_stream_is_read_the_same_however_it_is_cut(data: Any) -> None:
    event = b'data: {"choices": [{"delta": {"content": "word "}, "finish_reason": null}]}\r\n\r\n'
    stream = event * 5 + b": ping\n\n" + event + b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n'
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader = StreamReader([], Allowance(TOKENS, "here"), configured_provider())

    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        reader.feed(stream[start:end])

    assert reader.completion().text == "word " * 6
