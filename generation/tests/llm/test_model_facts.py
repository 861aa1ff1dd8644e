import json
from datetime import date
from typing import Any

import pytest

from generation.llm import model_facts
from generation.llm.model_facts import ollama_models, shutdown_date
from generation.llm.providers import Provider
from generation.tests.llm.test_client import blunt_server


def response(body: Any, status: str = "200 OK", *headers: str) -> bytes:
    data = json.dumps(body).encode()
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(data)}", "", ""]).encode() + data


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ({"id": "m", "shutdown_date": "2027-01-14"}, date(2027, 1, 14)),
        ({"id": "m", "shutdown_date": "2027-01-14T00:00:00Z"}, date(2027, 1, 14)),
        ({"id": "m", "retirement_date": 1_800_000_000}, date(2027, 1, 15)),
        ({"id": "m", "deprecation": {"shutdown_date": "2027-01-14"}}, date(2027, 1, 14)),
        ({"id": "m", "shutdown_date": None}, None),
        ({"id": "m", "shutdown_date": "soon"}, None),
        ({"id": "m", "shutdown_date": 1e300}, None),
        ([], None),
        ("text", None),
    ],
)
def test_the_day_of_a_models_end_is_read_if_its_server_names_one(body: Any, day: date | None) -> None:
    with blunt_server(response(body)) as server:
        url = server.url.replace("//", "//me:secret@") + "?api-version=1"
        assert shutdown_date(Provider("compatible", "large", "a/b", url, "k")) == day
    assert server.requests == [("GET /v1/models/a%2Fb?api-version=1 HTTP/1.1", "Bearer k")]


def test_a_server_that_says_nothing_or_is_away_names_none() -> None:
    with blunt_server(response({}, "302 Found", "Location: http://127.0.0.1:9/")) as server:
        assert shutdown_date(Provider("compatible", "large", "m", server.url, "k")) is None
    assert shutdown_date(Provider("compatible", "large", "m", server.url, "k")) is None


def test_an_ollama_at_hand_names_its_models(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"models": [{"name": "llama3.2:3b"}, {"name": "bad name\x1b[31m"}, {}, 7]}
    with blunt_server(response(found)) as server:
        monkeypatch.setattr(model_facts, "OLLAMA", server.url.removesuffix("/v1"))
        assert ollama_models() == ["llama3.2:3b"]
    assert ollama_models() == []
