import http.client
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from blogsite.testing.model_server import Behaviour, Fault, ModelServer

PROMPT = (
    "Write a blog post titled “Tomatoes on a balcony” in 500 words.\n<notes>big pots; morning water; compost</notes>"
)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


def http_request(port: int, method: str, path: str, body: Any = None) -> tuple[http.client.HTTPResponse, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, None if body is None else json.dumps(body))
        response = connection.getresponse()
        return response, response.read().decode()
    finally:
        connection.close()


def send(server: ModelServer, prompt: str = PROMPT, **options: Any) -> tuple[http.client.HTTPResponse, str]:
    body = {"model": "any", "messages": [{"role": "user", "content": prompt}], **options}
    return http_request(server.port, "POST", "/v1/chat/completions", body)


def ask(server: ModelServer, prompt: str = PROMPT, **options: Any) -> Any:
    return json.loads(send(server, prompt, **options)[1])["choices"][0]


def text_of(server: ModelServer, prompt: str = PROMPT, **options: Any) -> str:
    return str(ask(server, prompt, **options)["message"]["content"])


def events(server: ModelServer, **options: Any) -> list[Any]:
    lines = send(server, stream=True, **options)[1].split("\n\n")
    return [line.removeprefix("data: ") for line in lines if line]


def disconnect_before_the_answer(server: ModelServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("POST", "/v1/chat/completions", '{"messages": []}')
    server.wait_until(lambda calls: len(calls) == 1)
    connection.close()


def test_it_writes_a_sane_post_that_differs_with_the_request_and_is_the_same_for_the_same(server: ModelServer) -> None:
    post = text_of(server)
    words = post.lower().split()
    grams = Counter(tuple(words[i : i + 10]) for i in range(len(words) - 9))
    assert 450 <= len(words) <= 750
    assert len(set(re.findall(r"^## .+$", post, re.MULTILINE))) >= 3
    assert grams.most_common(1)[0][1] == 1
    assert post.endswith(".")
    assert {"pots", "water", "compost", "tomatoes", "balcony"} <= set(re.findall(r"\w+", post.lower()))
    assert text_of(server) == post
    assert text_of(server, PROMPT + "!") != post
    assert text_of(server, seed=2) != post


def test_few_tokens_get_one_paragraph_about_the_subject(server: ModelServer) -> None:
    text = text_of(
        server, 'Write one paragraph for a blog post titled "Bees". It is about: winter honey.', max_tokens=150
    )
    assert 40 <= len(text.split()) <= 90
    assert "\n" not in text
    assert {"bees", "winter", "honey"} <= set(re.findall(r"\w+", text.lower()))


def test_a_schema_gets_a_plan_that_uses_the_notes(server: ModelServer) -> None:
    schema = {"name": "plan", "schema": {"type": "object"}}
    plan = json.loads(text_of(server, response_format={"type": "json_schema", "json_schema": schema}))
    assert plan["title"] == "Tomatoes on a balcony in practice"
    points = [(point["text"], point["note"]) for section in plan["sections"] for point in section["points"]]
    assert points == [("big pots", 1), ("morning water", 2), ("compost", 3)]
    assert sum(section["words"] for section in plan["sections"]) == pytest.approx(500, abs=3)


@pytest.mark.parametrize("spread", [0.0, 0.5])
def test_a_stream_has_the_text_of_an_unstreamed_answer(server: ModelServer, spread: float) -> None:
    server.always(Behaviour(delay=0.1, spread=spread))
    *chunks, done = events(server, stream_options={"include_usage": True})
    *deltas, last, usage = map(json.loads, chunks)
    assert "".join(d["choices"][0]["delta"].get("content", "") for d in deltas) == text_of(server)
    assert last["choices"][0]["finish_reason"] == "stop"
    assert usage["usage"]["completion_tokens"] > 100
    assert done == "[DONE]"


def test_an_error_has_its_code_and_retry_after(server: ModelServer) -> None:
    date = "Wed, 21 Oct 2099 07:28:00 GMT"
    server.answer(Behaviour(status=429, retry_after=date))
    server.answer(Behaviour(status=429, code="insufficient_quota", retry_after=0))
    server.answer(Behaviour(status=503), times=2)
    answers = [send(server) for _ in range(5)]
    assert [response.status for response, _ in answers] == [429, 429, 503, 503, 200]
    assert [response.headers["Retry-After"] for response, _ in answers] == [date, "0", None, None, None]
    codes = [json.loads(body).get("error", {}).get("code") for _, body in answers]
    assert codes == ["rate_limit_exceeded", "insufficient_quota", "server_error", "server_error", None]


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_can_be_reset_in_its_middle(server: ModelServer, stream: bool) -> None:
    server.answer(Behaviour(fault=Fault.RESET))
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        send(server, stream=stream)
    assert text_of(server)


def test_a_cut_answer_is_short_and_a_cut_stream_ends_without_a_reason(server: ModelServer) -> None:
    server.answer(Behaviour(fault=Fault.CUT), times=2)
    with pytest.raises(http.client.IncompleteRead):
        send(server)
    assert json.loads(events(server)[-1])["choices"][0]["finish_reason"] is None


def test_a_body_or_its_text_can_be_broken_json(server: ModelServer) -> None:
    server.answer(Behaviour(fault=Fault.BROKEN_BODY))
    response, body = send(server)
    assert response.status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)
    server.answer(Behaviour(fault=Fault.BROKEN_CONTENT))
    with pytest.raises(json.JSONDecodeError):
        json.loads(text_of(server))


def test_answers_can_be_refused_cut_by_length_empty_or_literal(server: ModelServer) -> None:
    for behaviour in (
        Behaviour(refusal="No."),
        Behaviour(finish_reason="length"),
        Behaviour(text=""),
        Behaviour(text="Exactly this"),
    ):
        server.answer(behaviour)
    refused, cut, empty, literal, whole = (ask(server) for _ in range(5))
    assert (refused["message"]["content"], refused["message"]["refusal"]) == (None, "No.")
    assert cut["finish_reason"] == "length"
    assert whole["message"]["content"].startswith(cut["message"]["content"])
    assert (empty["message"]["content"], literal["message"]["content"]) == ("", "Exactly this")


def test_it_delays_and_drips(server: ModelServer) -> None:
    server.answer(Behaviour(text="slow", delay=0.2, drip=0.001))
    assert text_of(server) == "slow"
    server.wait_until(lambda calls: calls[0].ended is not None)
    call = server.calls[0]
    assert (call.ended or 0) - call.arrived > 0.4


def test_queued_behaviours_are_used_in_order_where_they_match_and_then_the_standing_one(server: ModelServer) -> None:
    server.always(Behaviour(text="standing"))
    server.answer(Behaviour(text="poisoned", when="poison"))
    server.answer(Behaviour(text="queued"), times=2)
    texts = [text_of(server, prompt) for prompt in ("a", "poison", "b", "c", "poison")]
    assert texts == ["queued", "poisoned", "queued", "standing", "standing"]
    assert [call.said for call in server.calls] == ["a", "poison", "b", "c", "poison"]


def test_it_notices_a_client_that_disconnects_before_the_answer(server: ModelServer) -> None:
    server.answer(Behaviour(fault=Fault.HANG))
    disconnect_before_the_answer(server)
    server.wait_until(lambda calls: calls[0].disconnected)
    ask(server)
    assert [call.disconnected for call in server.calls] == [True, False]


def test_it_holds_two_hundred_calls_at_once(server: ModelServer) -> None:
    server.always(Behaviour(fault=Fault.HANG, text="held"))
    with ThreadPoolExecutor(200) as pool:
        answers = [pool.submit(text_of, server) for _ in range(200)]
        server.wait_until(lambda calls: len(calls) == 200)
        assert server.in_flight == 200
        server.release()
        assert {answer.result() for answer in answers} == {"held"}


@pytest.mark.process
@pytest.mark.own_database
def test_as_a_process_it_is_controlled_over_http() -> None:
    command = [sys.executable, "-m", "blogsite.testing.model_server", "--delay", "0.01"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().split(":")[-1].removesuffix("/v1\n"))
        http_request(port, "POST", "/control", {"answer": {"text": "scripted", "fault": None}, "times": 1})
        hello = {"messages": [{"role": "user", "content": "hello"}]}
        answer = json.loads(http_request(port, "POST", "/v1/chat/completions", hello)[1])
        assert answer["choices"][0]["message"]["content"] == "scripted"
        calls = json.loads(http_request(port, "GET", "/calls")[1])["calls"]
        assert [call["body"] for call in calls] == [hello]
        assert json.loads(http_request(port, "GET", "/v1/models")[1])["data"][0]["id"] == "loopback-writer"
        process.terminate()
        assert process.wait(10) == 0
