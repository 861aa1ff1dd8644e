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
from decimal import Decimal
from email.utils import format_datetime
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest
from pytest_django import Settings

from generation.costs import Usage, cost
from generation.failures import FailureCode, GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.providers import Provider, configured_provider, local_model_key
from generation.llm.responses import Completion

PATH = "/v1/chat/completions"
QUESTION = [{"role": "user", "content": "Tell me about pots."}]


def complete(provider: Provider | None = None, **more: Any) -> Completion:
    async def one_call() -> Completion:
        async with ModelClient(provider or configured_provider()) as client:
            return await client.complete(QUESTION, **{"max_tokens": 50, "temperature": 0.5} | more)

    return asyncio.run(one_call())


def failure(provider: Provider | None = None, **more: Any) -> GenerationFailed:
    with pytest.raises(GenerationFailed) as caught:
        complete(provider, **more)
    return caught.value


class BluntServer(ThreadingTCPServer):
    """Keeps the first line and the Authorization of each request, says its one sentence, and leaves."""

    def __init__(self, said: bytes) -> None:
        self.said = said
        self.requests: list[tuple[str, str]] = []
        super().__init__(("127.0.0.1", 0), self.Answer)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"

    class Answer(StreamRequestHandler):
        server: "BluntServer"

        def handle(self) -> None:
            first, *headers = iter(lambda: self.rfile.readline().decode().strip(), "")
            sent = {name.lower(): value for name, _, value in (header.partition(": ") for header in headers)}
            self.server.requests.append((first, sent["authorization"]))
            self.wfile.write(self.server.said)


@contextmanager
def hung_up_on(said: bytes) -> Iterator[BluntServer]:
    with BluntServer(said) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def told_to(server: Any, **behaviour: Any) -> None:
    server.always(replace(server.script.standing, **behaviour))


def test_a_call_sends_what_it_is_asked_to_and_counts_its_tokens(model_server: Any) -> None:
    schema = {"type": "object"}
    completion = complete(json_schema=schema, seed=7, frequency_penalty=0.3)
    call = model_server.calls[0]
    assert call.key == "test-key"
    assert call.body == {
        "model": "gpt-4o-mini",
        "messages": QUESTION,
        "max_tokens": 50,
        "temperature": 0.5,
        "seed": 7,
        "frequency_penalty": 0.3,
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}},
    }
    assert completion.finish_reason == "stop"
    assert completion.usage.calls == 1
    assert completion.usage.completion_tokens > 0


def test_parameters_of_a_server_of_its_own_hang_on_the_provider(model_server: Any) -> None:
    complete(Provider("embedded", "small", "smol", model_server.url, "k", extra_body={"min_p": 0.1}))
    assert model_server.calls[0].body["min_p"] == 0.1


def test_openai_is_asked_in_the_words_of_its_newer_models(model_server: Any) -> None:
    complete(Provider("openai", "large", "gpt-4o-mini", model_server.url, "k"))
    assert model_server.calls[0].body["max_completion_tokens"] == 50
    assert "max_tokens" not in model_server.calls[0].body


def test_a_server_that_wants_no_key_gets_one_anyway(model_server: Any, settings: Settings) -> None:
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
    told_to(model_server, status=status)
    assert failure().code == code
    assert len(model_server.calls) == 1


def test_a_spent_quota_is_no_rate_limit(model_server: Any) -> None:
    told_to(model_server, status=429, code="insufficient_quota", retry_after=3)
    assert failure().code == FailureCode.QUOTA_EXCEEDED


def test_retry_after_is_handed_on_in_seconds(model_server: Any) -> None:
    told_to(model_server, status=429, retry_after=12)
    assert failure().retry_after == 12
    told_to(model_server, status=503, retry_after=format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True))
    assert failure().retry_after == pytest.approx(7200, abs=60)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("reset", FailureCode.PROVIDER_UNAVAILABLE),
        ("cut", FailureCode.PROVIDER_UNAVAILABLE),
        ("broken_body", FailureCode.INVALID_OUTPUT),
    ],
)
def test_each_way_to_break_off_has_its_code(model_server: Any, fault: str, code: FailureCode) -> None:
    told_to(model_server, fault=fault)
    assert failure().code == code


def test_broken_json_is_kept_for_the_editor(model_server: Any) -> None:
    told_to(model_server, fault="broken_body")
    assert failure().raw.endswith("Half")


@pytest.mark.parametrize("behaviour", [{"fault": "hang"}, {"drip": 0.2}])
def test_a_server_that_hangs_or_drips_is_left_at_the_deadline(
    model_server: Any, settings: Settings, behaviour: dict[str, Any]
) -> None:
    settings.GENERATION_CALL_DEADLINE = 0.5
    told_to(model_server, **behaviour)
    assert failure().code == FailureCode.TIMEOUT
    model_server.wait_until(lambda calls: calls[0].disconnected)


def test_a_cancelled_call_hangs_up(model_server: Any) -> None:
    async def cancel_a_call() -> None:
        async with ModelClient(configured_provider()) as client:
            call = asyncio.create_task(client.complete(QUESTION, max_tokens=50, temperature=0))
            await asyncio.to_thread(model_server.wait_until, len)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call

    told_to(model_server, fault="hang")
    asyncio.run(cancel_a_call())
    model_server.wait_until(lambda calls: calls[0].disconnected)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        caught = failure(Provider("compatible", "large", "m", f"http://me:secret@127.0.0.1:{port}/v1", "k"))
    assert caught.code == FailureCode.PROVIDER_UNAVAILABLE
    assert caught.message == f"The model's server at 127.0.0.1:{port} cannot be reached or broke off."


@pytest.mark.parametrize(
    "said", [b"", b"Good morning.\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + 100_000 * b"x" + b"\r\n\r\n"]
)
@pytest.mark.parametrize("pieces", [None, []])
def test_a_server_that_leaves_before_it_answers_is_unavailable(said: bytes, pieces: list[str] | None) -> None:
    with hung_up_on(said) as heard:
        caught = failure(Provider("compatible", "large", "m", heard.url, "k"), pieces=pieces)
        where = heard.url.split("/")[2]
    assert caught.code == FailureCode.PROVIDER_UNAVAILABLE
    assert caught.message == f"The model's server at {where} cannot be reached or broke off."


def test_user_and_password_of_a_url_are_sent_in_the_keys_place() -> None:
    with hung_up_on(b"") as heard:
        failure(Provider("compatible", "large", "m", heard.url.replace("//", "//me:s%2Fcret@"), "k"))
    assert heard.requests == [(f"POST {PATH} HTTP/1.1", f"Basic {b64encode(b'me:s/cret').decode()}")]


def test_a_proxy_of_the_environment_is_used_but_not_for_the_embedded_model(monkeypatch: pytest.MonkeyPatch) -> None:
    with hung_up_on(b"") as proxy, hung_up_on(b"") as heard:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))
        failure(Provider("compatible", "large", "m", "http://gpu.example/v1", "k"))
        failure(Provider("embedded", "small", "m", heard.url, "k"))
    assert proxy.requests == [(f"POST http://gpu.example{PATH} HTTP/1.1", "Bearer k")]
    assert heard.requests == [(f"POST {PATH} HTTP/1.1", "Bearer k")]


def test_a_url_that_is_none_is_rejected_in_one_sentence() -> None:
    caught = failure(Provider("compatible", "large", "m", "ftp://", "k"))
    assert caught.code in {FailureCode.PROVIDER_REJECTED, FailureCode.PROVIDER_UNAVAILABLE}


def test_no_message_shows_a_key(model_server: Any) -> None:
    key = "told-to"
    told_to(model_server, status=400, code=f"{key} sk-proj-abc***xyz")
    message = failure(Provider("compatible", "large", "m", model_server.url, key)).message
    assert key not in message.replace("Told to", "")
    assert "sk-proj" not in message
    assert key not in repr(Provider("compatible", "large", "m", model_server.url, key))


def test_a_refusal_comes_with_the_models_words(model_server: Any) -> None:
    told_to(model_server, refusal="No pots today.")
    assert failure().code == FailureCode.REFUSED
    assert "No pots today." in failure().message


def test_a_cut_or_empty_text_is_for_the_caller_to_judge(model_server: Any) -> None:
    told_to(model_server, finish_reason="length")
    assert complete().finish_reason == "length"
    told_to(model_server, text="", finish_reason="stop")
    assert complete().text == ""


@pytest.mark.parametrize(
    ("key", "url", "name", "profile"),
    [
        ("", "", "embedded", "small"),
        ("sk-1", "", "openai", "large"),
        ("", "http://gpu.example/v1", "compatible", "large"),
        ("sk-1", "http://gpu.example/v1", "compatible", "large"),
    ],
)
def test_the_settings_choose_the_provider(settings: Settings, key: str, url: str, name: str, profile: str) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = key, url
    provider = configured_provider()
    assert (provider.name, provider.profile) == (name, profile)
    assert provider.model == ("SmolLM2-135M-Instruct" if name == "embedded" else settings.OPENAI_MODEL)


def test_the_embedded_models_key_follows_the_secret_key(settings: Settings) -> None:
    first = local_model_key()
    assert (len(first), local_model_key()) == (64, first)
    settings.SECRET_KEY = "another"
    assert local_model_key() != first


def test_cost_counts_cached_tokens_at_their_own_price(settings: Settings) -> None:
    settings.MODEL_PRICES = {"some-model": (1.0, 0.5, 4.0)}
    usage = Usage(prompt_tokens=1_000_000, completion_tokens=500_000, cached_tokens=400_000, calls=3)
    assert cost("some-model", usage) == Decimal("2.8")
    assert cost("some-model-2024-07-18", usage) == Decimal("2.8")


def test_the_embedded_model_is_free_and_an_unknown_one_costs_nobody_knows_what() -> None:
    assert cost("SmolLM2-135M-Instruct", Usage(5, 5, 0, 1)) == 0
    assert cost("unheard-of", Usage(5, 5, 0, 1)) is None


def test_a_process_that_asks_no_model_does_not_load_the_sdk() -> None:
    code = "import generation.smol_blogwriter, sys; print('openai' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
