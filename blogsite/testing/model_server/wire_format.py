"""OpenAI's wire format, from the server's side."""

import json
from collections.abc import Iterator
from typing import Any

from blogsite.testing.model_server.script import Behaviour, Dialect, Fault
from blogsite.testing.model_server.texts import chat_text

MODEL = "loopback-writer"
CODES = {400: "invalid_request_error", 401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
BROKEN = b'{"id": "chatcmpl-1", "object": "chat.completion", "choices": [{"message": {"content": "Half'
LAST_CHUNK = b"0\r\n\r\n"
OVERSIZED = 10_000_000  # bytes


def error(status: int, code: str | None) -> dict[str, Any]:
    """Return OpenAI's error object for an HTTP `status`."""
    code = code or CODES.get(status, "server_error")
    return {"error": {"message": f"Scripted error {status} ({code}).", "type": code, "param": None, "code": code}}


def answer_text(behaviour: Behaviour, body: dict[str, Any]) -> str | None:
    """Return the text of the answer to the chat request `body`, or None when the model refuses."""
    if behaviour.refusal is not None:
        return None
    if behaviour.fault == Fault.BROKEN_CONTENT:
        return '{"title": "Half an answer", "sections": [{"heading": "One", "poi'
    if behaviour.fault == Fault.OVERSIZED:
        return "word " * (OVERSIZED // 5)
    if behaviour.text is not None:
        return behaviour.text
    text = chat_text(body)
    return text if behaviour.finish_reason == "stop" else text[: len(text) // 2]


def unsupported(behaviour: Behaviour, body: dict[str, Any]) -> dict[str, Any] | None:
    """Return the error for the first parameter of a request that this server refuses, if there is one."""
    roles = {message["role"] for message in body.get("messages") or []}
    for name in behaviour.refuses:
        if body.get(name) or name in roles:
            problem = f"Unsupported parameter: '{name}' is not supported with this model."
            problem = "System role not supported" if name == "system" else problem
            return {"error": {"message": problem, "type": "invalid_request_error", "param": name, "code": None}}
    return None


def usage(body: dict[str, Any], text: str) -> dict[str, Any]:
    """Count tokens as a quarter of the characters, which is close enough for English."""
    prompt, completion = len(json.dumps(body.get("messages"))) // 4, len(text) // 4
    counts = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return {**counts, "prompt_tokens_details": {"cached_tokens": 0}}


def charge(behaviour: Behaviour, body: dict[str, Any]) -> tuple[int, int] | None:
    """Return the tokens in and out that a provider charges for, as it does too if nobody reads the answer to its end.

    Nothing for what it refuses. No answer has more tokens than were allowed.
    """
    if behaviour.status != 200 or behaviour.raw is not None or unsupported(behaviour, body):
        return None
    allowed = body.get("max_completion_tokens") or body.get("max_tokens") or OVERSIZED
    endless = behaviour.fault in (Fault.ENDLESS, Fault.ONE_LINE)
    counts = usage(body, "" if endless else answer_text(behaviour, body) or "")
    return counts["prompt_tokens"], allowed if endless else min(counts["completion_tokens"], allowed)


def completion(behaviour: Behaviour, body: dict[str, Any]) -> bytes:
    """Return the body of an unstreamed answer to the chat request `body`."""
    if behaviour.fault == Fault.BROKEN_BODY:
        return BROKEN
    text = answer_text(behaviour, body)
    message = {"role": "assistant", "content": text, "refusal": behaviour.refusal}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": behaviour.finish_reason}
    return json.dumps(
        envelope(body, "chat.completion") | tier(behaviour) | {"choices": [choice], "usage": usage(body, text or "")}
    ).encode()


def stream(behaviour: Behaviour, body: dict[str, Any]) -> list[bytes]:
    """Return the HTTP chunks of a streamed answer to the chat request `body`, a few words each."""
    text = answer_text(behaviour, body)
    words, size = (text or "").split(" "), 5_000 if behaviour.fault == Fault.OVERSIZED else 5
    pieces = [" ".join(words[i : i + size]) + " " * (i + size < len(words)) for i in range(0, len(words), size)]
    contents = [{"refusal": behaviour.refusal}] if text is None else [{"content": piece} for piece in pieces]
    deltas = [event(body, [choice(delta)]) for delta in [{"role": "assistant"}, *contents]]
    if behaviour.fault == Fault.CUT:
        return [*deltas[: len(deltas) // 2 + 1], LAST_CHUNK]
    if behaviour.fault == Fault.ERROR_EVENT:
        failure = chunk(b"data: " + json.dumps(error(500, behaviour.code)).encode() + b"\n\n")
        return [*deltas[: len(deltas) // 2 + 1], failure, LAST_CHUNK]
    if behaviour.fault == Fault.BROKEN_BODY:
        return [deltas[0], chunk(b"data: " + BROKEN + b"\n\n"), LAST_CHUNK]
    ending = [event(body, [choice({}, behaviour.finish_reason)], **tier(behaviour))]
    wants_usage = (body.get("stream_options") or {}).get("include_usage")
    if wants_usage and behaviour.dialect != Dialect.UNCOUNTED:
        ending.append(event(body, [], usage=usage(body, text or "")))
    return [*deltas, *ending, chunk(b"data: [DONE]\n\n"), LAST_CHUNK]


def endless(behaviour: Behaviour, body: dict[str, Any], *, streams: bool) -> Iterator[bytes]:
    """Return the HTTP chunks of an answer that never ends: streamed, in one line, or whole."""
    words = "word " * 200
    if streams and behaviour.fault == Fault.ENDLESS:
        while True:
            yield event(body, [choice({"content": words})])
    yield chunk(b"data: " + BROKEN if streams else BROKEN)
    while True:
        yield chunk(words.encode())


def choice(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}


def event(body: dict[str, Any], choices: list[dict[str, Any]], **more: Any) -> bytes:
    data = envelope(body, "chat.completion.chunk") | {"choices": choices} | more
    return chunk(b"data: " + json.dumps(data).encode() + b"\n\n")


def tier(behaviour: Behaviour) -> dict[str, Any]:
    return {"service_tier": behaviour.service_tier} if behaviour.service_tier else {}


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def envelope(body: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-loopback", "object": kind, "created": 0, "model": body.get("model") or MODEL}
