"""An answer as it arrives, streamed or whole: its first bytes tell which, since not every server names it rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generation.failures import FailureCode, GenerationFailed
from generation.llm.responses import Completion, read_completion, storable
from generation.llm.sse import StreamReader

if TYPE_CHECKING:
    from generation.llm.bounds import Allowance
    from generation.llm.providers import Provider

STREAM_STARTS = (b"data:", b"event:", b"id:", b"retry:", b":")
BLANKS = b" \t\r\n\xef\xbb\xbf"  # some servers send them while the model works; the last three are a mark of order


class AnswerReader:
    """Reads an answer of either kind.

    Args:
        pieces: the text so far of one that streams.
        allowance: how long it may be.
        provider: who sends it.
    """

    def __init__(self, pieces: list[str] | None, allowance: Allowance, provider: Provider) -> None:
        self.allowance, self.provider = allowance, provider
        self.stream = StreamReader([] if pieces is None else pieces, allowance, provider)
        self._is_stream: bool | None = None
        self._body = bytearray()
        self.has_begun = False  # a byte has arrived

    @property
    def done(self) -> bool:
        return self.stream.done

    def feed(self, data: bytes) -> None:
        """Read the bytes that arrived, which may end anywhere.

        Raises:
            GenerationFailed: it is longer than it may be, or not an answer.
        """
        self.has_begun = True
        if self._is_stream:
            self.stream.feed(data)
            return
        self._body += data
        if self._is_stream is None:
            self._decide()
        elif len(self._body) > self.allowance.text:
            raise self.allowance.exceeded(self.allowance.text, storable(self._body[:1000].decode(errors="replace")))

    def _decide(self) -> None:
        start = bytes(self._body.lstrip(BLANKS)[:6])
        if not start or any(name.startswith(start) and name != start for name in STREAM_STARTS):
            self._body = bytearray(start)  # what is before it may go on for long
            return
        self._is_stream = start.startswith(STREAM_STARTS)
        if self._is_stream:
            self.stream.feed(bytes(self._body))
            self._body.clear()

    def failed(self, code: FailureCode, what: str) -> GenerationFailed:
        """Return a failure with the text so far and what is known of its usage."""
        return self.stream.failed(code, what)

    def completion(self) -> Completion:
        """Return the answer after its last byte.

        Raises:
            GenerationFailed: it is incomplete or not an answer, or the model or its filter refused.
        """
        if self._is_stream:
            return self.stream.completion()
        return read_completion(self._body.decode(errors="replace"), self.provider)
