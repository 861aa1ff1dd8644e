"""A server that never stops is stopped, and costs one failed call; nothing of its size is kept."""

import asyncio
import gzip
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogs.models import Status
from blogsite.testing.model_server import Behaviour, Fault
from blogsite.testing.model_server.wire_format import OVERSIZED
from blogsite.testing.posts import DRAFTING, fresh, request_post
from generation.failures import FailureCode, GenerationFailed
from generation.llm.bounds import BYTES_A_TOKEN, BYTES_AROUND, ERROR_BYTES, TOO_MUCH, Allowance
from generation.llm.client import ModelClient
from generation.llm.providers import configured_provider
from generation.llm.sse import StreamReader
from generation.models import Generation
from generation.tests.llm.test_client import blunt_server
from generation.worker.executor import write_due

TOKENS = 50
TEXT_LIMIT = TOKENS * BYTES_A_TOKEN + BYTES_AROUND


def failure(pieces: list[str] | None) -> GenerationFailed:
    async def one_call() -> None:
        async with ModelClient(configured_provider()) as client:
            await client.complete([{"role": "user", "content": "?"}], max_tokens=TOKENS, temperature=0, pieces=pieces)

    with pytest.raises(GenerationFailed) as caught:
        asyncio.run(one_call())
    return caught.value


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize("fault", [Fault.ENDLESS, Fault.ONE_LINE, Fault.OVERSIZED])
def test_an_answer_beyond_its_bound_is_ended_at_once(model_server, fault, streams):
    model_server.answer(Behaviour(fault=fault))
    pieces: list[str] | None = [] if streams else None

    failed = failure(pieces)

    assert failed.code == FailureCode.INVALID_OUTPUT
    assert TOO_MUCH.format(limit=TEXT_LIMIT, tokens=TOKENS) in failed.message
    assert len("".join(pieces or []).encode()) <= TEXT_LIMIT
    assert len(failed.raw.encode()) <= TEXT_LIMIT
    model_server.wait_until(lambda calls: calls[0].ended is not None)


def test_comments_that_never_end_are_ended_too(settings):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    with blunt_server(head + b": ping\n\n" * 200_000) as server:
        settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "k", server.url

        assert failure([]).code == FailureCode.INVALID_OUTPUT


@pytest.mark.parametrize("streams", [True, False])
def test_the_body_of_an_error_is_cut_and_its_status_tells_what_it_is(settings, streams):
    body = b'{"error": {"message": "' + b"x" * (40 * ERROR_BYTES)
    head = f"HTTP/1.1 401 No\r\nContent-Type: application/json\r\nContent-Length: {10**9}\r\n\r\n".encode()
    with blunt_server(head + body) as server:
        settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "k", server.url

        assert failure([] if streams else None).code == FailureCode.PROVIDER_REJECTED


def test_a_packed_answer_is_bounded_as_it_is_unpacked(settings):
    body = gzip.compress(b"x" * 20_000_000)
    assert len(body) < TEXT_LIMIT
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
    with blunt_server(head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body) as server:
        settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "k", server.url

        assert failure(None).code == FailureCode.INVALID_OUTPUT


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", [Fault.ENDLESS, Fault.OVERSIZED])
def test_a_neighbour_is_written_meanwhile_and_nothing_of_that_size_is_saved(model_server, settings, fault):
    settings.GENERATION_RENEW_EVERY = 0.05
    poisoned = request_post("Pots")
    for _ in range(3):
        model_server.answer(Behaviour(fault=fault, when="Pots"))
    neighbour = request_post("Bread")

    write_due()

    generation = Generation.objects.get(post=poisoned)
    assert fresh(neighbour).status == Status.COMPLETED
    assert (fresh(poisoned).status, generation.failure_code) in [("completed", ""), ("failed", "invalid_output")]
    assert len(generation.content) < OVERSIZED / 20
    assert len(str(generation.steps)) < OVERSIZED / 20


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_never_ends_fails_with_its_bill(model_server):
    post = request_post()
    model_server.always(Behaviour(fault=Fault.ENDLESS, when=DRAFTING))

    write_due()

    generation = Generation.objects.get()
    assert (fresh(post).status, generation.failure_code) == (Status.FAILED, "invalid_output")
    assert generation.calls == len(model_server.calls) > 1


@given(data=st.data())
def test_a_stream_is_read_the_same_however_it_is_cut(data: Any) -> None:
    event = b'data: {"choices": [{"delta": {"content": "word "}, "finish_reason": null}]}\r\n\r\n'
    stream = event * 5 + b": ping\n\n" + event + b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n'
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader = StreamReader([], Allowance(TOKENS, "here"))

    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        reader.feed(stream[start:end])

    assert reader.completion().text == "word " * 6
