"""One call against a real server that misbehaves."""

import asyncio
import socket
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest
from pytest_django import Settings

from generation.failures import FailureCode, GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.connections import REFUSED, UNREACHABLE
from generation.llm.providers import Provider, configured_provider
from generation.llm.request import ModelRequest
from generation.llm.responses import SERVER_FAILED, Completion

PATH = "/v1/chat/completions"
QUESTION = [{"role": "user", "content": "Tell me about pots."}]


def request(json_schema: dict[str, Any] | None = None, **sampling: Any) -> ModelRequest:
    return ModelRequest(QUESTION, {"max_tokens": 50, "temperature": 0.5} | sampling, json_schema)


def complete(provider: Provider | None = None, pieces: list[str] | None = None, **more: Any) -> Completion:
    async def one_call() -> Completion:
        async with ModelClient(provider or configured_provider()) as client:
            return await client.complete(request(**more), pieces)

    return asyncio.run(one_call())


def failure(provider: Provider | None = None, **more: Any) -> GenerationFailed:
    with pytest.raises(GenerationFailed) as caught:
        complete(provider, **more)
    return caught.value


class BluntServer(ThreadingTCPServer):
    """Keeps the first line, the Authorization and the headers of requests, sends its one response, and hangs up."""

    def __init__(self, response: bytes) -> None:
        self.response = response
        self.requests: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        super().__init__(("127.0.0.1", 0), self.Answer)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"

    class Answer(StreamRequestHandler):
        server: "BluntServer"

        def handle(self) -> None:
            first, *headers = iter(lambda: self.rfile.readline().decode().strip(), "")
            sent = {name.lower(): value for name, _, value in (header.partition(": ") for header in headers)}
            self.server.headers.append(sent)
            self.server.requests.append((first, sent.get("authorization", "")))
            self.wfile.write(self.server.response)


@contextmanager
def blunt_server(response: bytes) -> Iterator[BluntServer]:
    with BluntServer(response) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def always(server: Any, **behaviour: Any) -> None:
    server.always(replace(server.script.standing, **behaviour))


def test_a_call_sends_its_arguments_and_counts_its_tokens(model_server: Any) -> None:
    schema = {"type": "object"}
    completion = complete(json_schema=schema, seed=7, frequency_penalty=0.3)
    call = model_server.calls[0]
    assert call.key == "test-key"
    assert call.body == {
        "model": "gpt-4o-mini",
        "messages": QUESTION,
        "stream": False,
        "max_tokens": 50,
        "temperature": 0.5,
        "seed": 7,
        "frequency_penalty": 0.3,
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}},
    }
    assert completion.finish_reason == "stop"
    assert completion.usage.calls == 1
    assert completion.usage.completion_tokens > 0


def test_a_provider_adds_parameters_of_its_own(model_server: Any) -> None:
    complete(Provider("embedded", "small", "smol", model_server.url, "k", extra_body={"min_p": 0.1}))
    assert model_server.calls[0].body["min_p"] == 0.1


def test_openai_gets_the_parameter_name_of_its_newer_models(model_server: Any) -> None:
    complete(Provider("openai", "large", "gpt-4o-mini", model_server.url, "k"))
    assert model_server.calls[0].body["max_completion_tokens"] == 50
    assert "max_tokens" not in model_server.calls[0].body


def test_a_server_without_a_key_gets_a_placeholder(model_server: Any, settings: Settings) -> None:
    settings.OPENAI_API_KEY = ""
    assert complete().text
    assert model_server.calls[0].key == "none"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, FailureCode.PROVIDER_REJECTED),
        (401, FailureCode.PROVIDER_REJECTED),
        (403, FailureCode.PROVIDER_REJECTED),
        (404, FailureCode.PROVIDER_REJECTED),
        (402, FailureCode.QUOTA_EXCEEDED),
        (408, FailureCode.TIMEOUT),
        (429, FailureCode.RATE_LIMITED),
        (500, FailureCode.PROVIDER_UNAVAILABLE),
        (503, FailureCode.PROVIDER_UNAVAILABLE),
    ],
)
def test_each_http_error_is_one_call_and_one_code(model_server: Any, status: int, code: FailureCode) -> None:
    always(model_server, status=status)
    assert failure().code == code
    assert len(model_server.calls) == 1


def test_an_exhausted_quota_is_no_rate_limit(model_server: Any) -> None:
    always(model_server, status=429, code="insufficient_quota", retry_after=3)
    assert failure().code == FailureCode.QUOTA_EXCEEDED


def test_retry_after_is_returned_in_seconds(model_server: Any) -> None:
    always(model_server, status=429, retry_after=12)
    assert failure().retry_after == 12
    always(model_server, status=503, retry_after=format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True))
    assert failure().retry_after == pytest.approx(7200, abs=60)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("reset", FailureCode.PROVIDER_UNAVAILABLE),
        ("cut", FailureCode.PROVIDER_UNAVAILABLE),
        ("broken_body", FailureCode.INVALID_OUTPUT),
    ],
)
def test_each_broken_response_has_its_code(model_server: Any, fault: str, code: FailureCode) -> None:
    always(model_server, fault=fault)
    assert failure().code == code


def test_broken_json_is_kept_for_the_editor(model_server: Any) -> None:
    always(model_server, fault="broken_body")
    assert failure().raw.endswith("Half")


@pytest.mark.parametrize("behaviour", [{"fault": "hang"}, {"drip": 0.2}])
def test_a_call_to_a_server_that_hangs_or_drips_ends_at_the_deadline(
    model_server: Any, settings: Settings, behaviour: dict[str, Any]
) -> None:
    settings.GENERATION_CALL_DEADLINE = 0.5
    always(model_server, **behaviour)
    assert failure().code == FailureCode.TIMEOUT
    model_server.wait_until(lambda calls: calls[0].disconnected)


def test_a_cancelled_call_hangs_up(model_server: Any) -> None:
    async def cancel_a_call() -> None:
        async with ModelClient(configured_provider()) as client:
            call = asyncio.create_task(client.complete(request()))
            await asyncio.to_thread(model_server.wait_until, len)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call

    always(model_server, fault="hang")
    asyncio.run(cancel_a_call())
    model_server.wait_until(lambda calls: calls[0].disconnected)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        caught = failure(Provider("compatible", "large", "m", f"http://me:secret@127.0.0.1:{port}/v1", "k"))
    assert caught.code == FailureCode.PROVIDER_UNAVAILABLE
    assert caught.details == SERVER_FAILED.format(where=f"127.0.0.1:{port}", what=REFUSED)


@pytest.mark.parametrize(
    "response", [b"", b"Good morning.\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + 100_000 * b"x" + b"\r\n\r\n"]
)
@pytest.mark.parametrize("pieces", [None, []])
def test_a_server_that_hangs_up_before_it_answers_is_unavailable(response: bytes, pieces: list[str] | None) -> None:
    with blunt_server(response) as server:
        caught = failure(Provider("compatible", "large", "m", server.url, "k"), pieces=pieces)
        where = server.url.split("/")[2]
    assert caught.code == FailureCode.PROVIDER_UNAVAILABLE
    assert caught.details == SERVER_FAILED.format(where=where, what=UNREACHABLE)


def test_user_and_password_of_a_url_replace_the_key() -> None:
    with blunt_server(b"") as server:
        failure(Provider("compatible", "large", "m", server.url.replace("//", "//me:s%2Fcret@"), "k"))
    assert server.requests == [(f"POST {PATH} HTTP/1.1", f"Basic {b64encode(b'me:s/cret').decode()}")]


def test_a_proxy_of_the_environment_is_used_but_not_for_the_embedded_model(monkeypatch: pytest.MonkeyPatch) -> None:
    with blunt_server(b"") as proxy, blunt_server(b"") as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))
        failure(Provider("compatible", "large", "m", "http://gpu.example/v1", "k"))
        failure(Provider("embedded", "small", "m", server.url, "k"))
    assert proxy.requests == [(f"POST http://gpu.example{PATH} HTTP/1.1", "Bearer k")]
    assert server.requests == [(f"POST {PATH} HTTP/1.1", "Bearer k")]


def test_an_invalid_url_is_rejected_with_a_code() -> None:
    caught = failure(Provider("compatible", "large", "m", "ftp://", "k"))
    assert caught.code in {FailureCode.PROVIDER_REJECTED, FailureCode.PROVIDER_UNAVAILABLE}


def test_no_message_shows_a_key(model_server: Any) -> None:
    key = "my-secret"
    always(model_server, status=400, code=f"{key} sk-proj-abc***xyz")
    message = failure(Provider("compatible", "large", "m", model_server.url, key)).for_staff
    assert key not in message
    assert "sk-proj" not in message
    assert key not in repr(Provider("compatible", "large", "m", model_server.url, key))


def test_a_refusal_quotes_the_model(model_server: Any) -> None:
    always(model_server, refusal="No pots today.")
    assert failure().code == FailureCode.REFUSED
    assert "No pots today." in failure().message


def test_a_cut_or_empty_text_is_left_to_the_caller(model_server: Any) -> None:
    always(model_server, finish_reason="length")
    assert complete().finish_reason == "length"
    always(model_server, text="", finish_reason="stop")
    assert complete().text == ""


def test_a_process_that_calls_no_model_does_not_load_the_sdk() -> None:
    code = "import generation.smol_blogwriter, sys; print('openai' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
