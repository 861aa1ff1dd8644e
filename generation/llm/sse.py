"""An answer that comes in pieces: server-sent events, read as they arrive.

The SDK's own reading builds and validates a tree of objects for each piece, which is a token or two; here a piece costs
one parse of its line.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.responses import Completion, concluded, storable, usage_in

_CODES = {
    "insufficient_quota": FailureCode.QUOTA_EXCEEDED,
    "rate_limit_exceeded": FailureCode.RATE_LIMITED,
    "content_filter": FailureCode.REFUSED,
}


class StreamReader:
    """Puts a streamed answer together.

    Args:
        pieces: the text so far, for others to look at; emptied first.
        where: host and port of the server, for messages.
    """

    def __init__(self, pieces: list[str], where: str) -> None:
        pieces.clear()
        self.pieces, self.where = pieces, where
        self.done = False
        self._refusal: list[str] = []
        self._finish = ""
        self._usage = Usage(calls=1)
        self._rest = b""  # a line that has not ended

    def feed(self, data: bytes) -> None:
        """Read what arrived, which may end anywhere.

        Raises:
            GenerationFailed: it is no stream of a completion, or tells of an error.
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                self._take(line[5:].strip())

    def completion(self) -> Completion:
        """Return the answer after the last piece.

        Raises:
            GenerationFailed: the last piece is missing, or the model or its filter refused.
        """
        self.feed(b"\n")
        if not self._finish and not self.done:
            raise self.broken(FailureCode.PROVIDER_UNAVAILABLE, "broke off in the middle of its answer")
        return concluded("".join(self.pieces), "".join(self._refusal), self._finish or "stop", self._usage)

    def broken(self, code: FailureCode, what: str) -> GenerationFailed:
        """Return a failure with the text so far and what is known of its price."""
        message = f"The model's server at {self.where} {what}."
        return GenerationFailed(code, message, raw="".join(self.pieces), usage=self._usage)

    def _take(self, data: bytes) -> None:
        if data == b"[DONE]":
            self.done = True
            return
        event = self._parsed(data)
        if error := event.get("error"):
            raise self._told(error)
        if event.get("usage"):
            self._usage = usage_in(event)
        try:
            for choice in event["choices"][:1]:
                self._finish = choice.get("finish_reason") or self._finish
                delta = choice["delta"]
                if content := delta.get("content"):
                    self.pieces.append(storable(content))
                if refusal := delta.get("refusal"):
                    self._refusal.append(refusal)
        except (LookupError, TypeError, AttributeError) as error:
            raise self.broken(FailureCode.INVALID_OUTPUT, "sent a piece that is none of a completion") from error

    def _parsed(self, data: bytes) -> dict[str, Any]:
        try:
            try:
                event = orjson.loads(data)
            except ValueError:
                event = json.loads(data)  # takes halves of characters, which some servers send
            return dict(event)
        except (ValueError, TypeError, RecursionError) as error:
            raise self.broken(FailureCode.INVALID_OUTPUT, "sent a piece that is not JSON") from error

    def _told(self, error: Any) -> GenerationFailed:
        named = error.get("code") or error.get("type") if isinstance(error, dict) else None
        code = _CODES.get(str(named), FailureCode.PROVIDER_UNAVAILABLE)
        return self.broken(code, f"broke off its answer with an error ({storable(str(named))[:60]})")
