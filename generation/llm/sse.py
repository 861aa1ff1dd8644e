"""A streamed response: server-sent events, read as they arrive.

The SDK's own reading builds and validates a tree of objects for each piece, which is a token or two; here a piece costs
one parse of its line. Servers differ in what else they send, so whatever is not understood and does no harm is passed
over: comments, chunks without choices or delta, and counts anywhere.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.responses import (
    SERVER_FAILED,
    Completion,
    concluded,
    error_of,
    failure_of,
    has_thoughts,
    storable,
    text_in,
    thought_tokens,
)
from generation.llm.server_errors import ServerError, read_error
from generation.llm.service_tiers import tier_in
from generation.llm.thoughts import ThoughtFilter
from generation.llm.usage import usage_in

if TYPE_CHECKING:
    from generation.llm.bounds import Allowance
    from generation.llm.providers import Provider

LINES_MAX = 200  # of one event: each is read again with those before it
BROKE_OFF = "closed the connection in the middle of its response"
NO_CHUNK, NO_JSON = "sent a chunk that is not part of a completion", "sent a chunk that is not JSON"


class StreamReader:
    """Assembles a streamed answer.

    Args:
        pieces: the text so far, without thoughts, for others to read; emptied first.
        allowance: how long the answer may be.
        provider: who sends it.
    """

    def __init__(self, pieces: list[str], allowance: Allowance, provider: Provider) -> None:
        pieces.clear()
        self.pieces, self.allowance, self.provider = pieces, allowance, provider
        self.done = False
        self._texts: list[str] = []  # with thoughts
        self._filter = ThoughtFilter()
        self._refusal: list[str] = []
        self._finish = self._tier = ""
        self._usage = Usage(calls=1)
        self._has_thought = False
        self._text_bytes = 0
        self._limit = allowance.text
        self._rest = bytearray()  # an incomplete line
        self._event: list[bytes] = []  # the lines so far of data that is not JSON by itself
        self._is_error = False  # the event's name says so

    def feed(self, data: bytes) -> None:
        """Read the bytes that arrived, which may end anywhere.

        Raises:
            GenerationFailed: it is not the stream of a completion, longer than it may be, or an error event.
        """
        *lines, rest = data.replace(b"\r", b"\n").split(b"\n")
        if lines and self._rest:
            lines[0], self._rest = bytes(self._rest) + lines[0], bytearray()
        self._rest += rest  # in place: a line may arrive in many pieces
        if len(self._rest) > self._limit:
            raise self._exceeded()
        for line in lines:
            if not self.done:  # what comes after the end is no part of it, whether it arrives with it or not
                self._read_line(line)

    def completion(self) -> Completion:
        """Return the answer after the last chunk.

        Raises:
            GenerationFailed: the last chunk is missing, or the model or its filter refused.
        """
        self.feed(b"\n")
        if not self._finish and not self.done:
            raise self.failed(FailureCode.PROVIDER_UNAVAILABLE, BROKE_OFF)
        self.pieces.append(self._filter.rest())
        text, refusal = "".join(self._texts), "".join(self._refusal)
        answer = concluded(text, refusal, self._finish, self._usage, has_thought=self._has_thought)
        return replace(answer, service_tier=self._tier)

    def failed(self, code: FailureCode, what: str) -> GenerationFailed:
        """Return a failure with the text so far and what is known of its usage."""
        details = SERVER_FAILED.format(where=self.allowance.where, what=what)
        return GenerationFailed(code, code.summary, details=details, raw="".join(self.pieces), usage=self._usage)

    def _read_line(self, line: bytes) -> None:
        if line.startswith(b"data:"):
            self._read_data(line[5:].strip())
        elif line.startswith(b"event:"):
            self._is_error = line[6:].strip() == b"error"
        elif line.startswith(b"{"):  # some servers end a stream with a bare error
            self._read_data(line)
        elif self._event and not line.strip():
            raise self.failed(FailureCode.INVALID_OUTPUT, NO_JSON)

    def _read_data(self, data: bytes) -> None:
        """Read the data of an event; it may go on in the next line."""
        if data == b"[DONE]":
            self.done = True
        elif data:
            self._event.append(data)
            if len(self._event) > LINES_MAX:
                raise self.failed(FailureCode.INVALID_OUTPUT, NO_JSON)
            event = parsed(b"\n".join(self._event))
            if event is not None:
                self._event = []
                self._read_event(event)
            elif self._is_error:
                text = b"\n".join(self._event).decode(errors="replace")
                raise self._error_event(read_error(0, text))

    def _read_event(self, event: dict[str, Any]) -> None:
        if error := error_of(event):
            raise self._error_event(error)
        self._tier = tier_in(event) or self._tier
        try:
            choices = event.get("choices") or [{}]
            choice = choices[0] or {}
            if event.get("usage") or choice.get("usage"):
                self._usage = usage_in(event)
                self._has_thought |= thought_tokens(event) > 0
            self._finish = str(choice.get("finish_reason") or self._finish)
            self._read_delta(choice.get("delta") or choice.get("message") or {"content": choice.get("text")})
        except (LookupError, TypeError, AttributeError) as problem:
            raise self.failed(FailureCode.INVALID_OUTPUT, NO_CHUNK) from problem

    def _read_delta(self, delta: dict[str, Any]) -> None:
        content = delta.get("content")
        text = text_in(content)
        if text is None:
            raise TypeError(content)
        self._has_thought |= has_thoughts(delta)
        if text:
            self._add(text)
        if refusal := delta.get("refusal"):
            self._refusal.append(self._bounded(refusal))

    def _add(self, text: str) -> None:
        text = self._bounded(text)
        self._texts.append(text)
        if visible := self._filter.visible(text):
            self.pieces.append(visible)

    def _bounded(self, piece: str) -> str:
        piece = storable(piece)
        self._text_bytes += len(piece.encode())
        if self._text_bytes > self._limit:
            raise self._exceeded()
        return piece

    def _exceeded(self) -> GenerationFailed:
        return self.allowance.exceeded(self._limit, "".join(self.pieces), self._usage)

    def _error_event(self, error: ServerError) -> GenerationFailed:
        return failure_of(error, self.provider, raw="".join(self.pieces), usage=self._usage)


def parsed(data: bytes) -> dict[str, Any] | None:
    """Return an event's object, an empty one for what is none, or None for what is not JSON, or not yet."""
    try:
        event = orjson.loads(data)
    except ValueError:
        try:
            event = json.loads(data)  # accepts lone surrogates, which some servers send
        except (ValueError, RecursionError):
            return None
    return event if isinstance(event, dict) else {}
