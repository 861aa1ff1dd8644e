"""A streamed response: server-sent events, read as they arrive.

The SDK's own reading builds and validates a tree of objects for each piece, which is a token or two; here a piece costs
one parse of its line.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.responses import SERVER_FAILED, Completion, OversizedAnswer, concluded, storable
from generation.llm.service_tiers import tier_in
from generation.llm.usage import usage_in

if TYPE_CHECKING:
    from generation.llm.bounds import Allowance

_CODES = {
    "insufficient_quota": FailureCode.QUOTA_EXCEEDED,
    "rate_limit_exceeded": FailureCode.RATE_LIMITED,
    "content_filter": FailureCode.REFUSED,
}


class StreamReader:
    """Assembles a streamed answer.

    Args:
        pieces: the text so far, for others to read; emptied first.
        allowance: how long the answer may be.
    """

    def __init__(self, pieces: list[str], allowance: Allowance) -> None:
        pieces.clear()
        self.pieces, self.allowance = pieces, allowance
        self.done = False
        self._refusal: list[str] = []
        self._finish = self._tier = ""
        self._usage = Usage(calls=1)
        self._text_bytes = 0
        self._limit = allowance.text
        self._rest = bytearray()  # an incomplete line

    def feed(self, data: bytes) -> None:
        """Read the bytes that arrived, which may end anywhere.

        Raises:
            OversizedAnswer: the text or one of the lines is longer than it may be.
            GenerationFailed: it is not the stream of a completion, or an error event.
        """
        *lines, rest = data.split(b"\n")
        if lines and self._rest:
            lines[0], self._rest = bytes(self._rest) + lines[0], bytearray()
        self._rest += rest  # in place: a line may arrive in many pieces
        if len(self._rest) > self._limit:
            raise self._exceeded()
        for line in lines:
            if line.startswith(b"data:"):
                self._read_event(line[5:].strip())

    def completion(self) -> Completion:
        """Return the answer after the last chunk.

        Raises:
            GenerationFailed: the last chunk is missing, or the model or its filter refused.
        """
        self.feed(b"\n")
        if not self._finish and not self.done:
            raise self.failed(FailureCode.PROVIDER_UNAVAILABLE, "closed the connection in the middle of its response")
        answer = concluded("".join(self.pieces), "".join(self._refusal), self._finish or "stop", self._usage)
        return replace(answer, service_tier=self._tier)

    def failed(self, code: FailureCode, what: str) -> GenerationFailed:
        """Return a failure with the text so far and what is known of its usage."""
        message = SERVER_FAILED.format(where=self.allowance.where, what=what)
        return GenerationFailed(code, message, raw="".join(self.pieces), usage=self._usage)

    def _read_event(self, data: bytes) -> None:
        if data == b"[DONE]":
            self.done = True
            return
        event = self._parsed(data)
        if error := event.get("error"):
            raise self._error_event(error)
        self._tier = tier_in(event) or self._tier
        if event.get("usage"):
            self._usage = usage_in(event)
        try:
            for choice in event["choices"][:1]:
                self._finish = choice.get("finish_reason") or self._finish
                delta = choice["delta"]
                if content := delta.get("content"):
                    self.pieces.append(self._bounded(content))
                if refusal := delta.get("refusal"):
                    self._refusal.append(self._bounded(refusal))
        except (LookupError, TypeError, AttributeError) as error:
            raise self.failed(FailureCode.INVALID_OUTPUT, "sent a chunk that is not part of a completion") from error

    def _bounded(self, piece: str) -> str:
        piece = storable(piece)
        self._text_bytes += len(piece.encode())
        if self._text_bytes > self._limit:
            raise self._exceeded()
        return piece

    def _exceeded(self) -> OversizedAnswer:
        return self.allowance.exceeded(self._limit, "".join(self.pieces), self._usage)

    def _parsed(self, data: bytes) -> dict[str, Any]:
        try:
            try:
                event = orjson.loads(data)
            except ValueError:
                event = json.loads(data)  # accepts lone surrogates, which some servers send
            return dict(event)
        except (ValueError, TypeError, RecursionError) as error:
            raise self.failed(FailureCode.INVALID_OUTPUT, "sent a chunk that is not JSON") from error

    def _error_event(self, error: Any) -> GenerationFailed:
        name = str(error.get("code") or error.get("type") if isinstance(error, dict) else None)
        code = _CODES.get(name, FailureCode.PROVIDER_UNAVAILABLE)
        return self.failed(code, f"ended its response with an error ({storable(name)[:60]})")
