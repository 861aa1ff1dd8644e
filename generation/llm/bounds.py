"""How much of a server's response is read: a server that never stops must not fill memory or database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.responses import RAW_LIMIT, SERVER_FAILED

# Of a text: the longest tokens in use are some 16 bytes, and the rest holds what else is in a whole answer.
BYTES_A_TOKEN, BYTES_AROUND = 16, 64 * 1024
# Of a stream, which wraps each token into an event of its own.
BYTES_AN_EVENT = 1024
ERROR_BYTES = 64 * 1024  # of the body of an error
TOO_MUCH = "sent more than {limit:,} bytes for an answer of at most {tokens:,} tokens"


@dataclass(frozen=True)
class Allowance:
    """What one answer may be long.

    Args:
        tokens: that were allowed for it.
        where: host and port of the server, for the message.
    """

    tokens: int
    where: str

    @property
    def text(self) -> int:
        """Bytes of the answer itself, and of any line of it."""
        return self.tokens * BYTES_A_TOKEN + BYTES_AROUND

    @property
    def stream(self) -> int:
        """Bytes of all events of a stream."""
        return self.tokens * BYTES_AN_EVENT + BYTES_AROUND

    def exceeded(self, limit: int, text: str = "") -> GenerationFailed:
        """Return the failure of an answer that is longer than `limit` bytes, with its text so far."""
        problem = SERVER_FAILED.format(where=self.where, what=TOO_MUCH.format(limit=limit, tokens=self.tokens))
        return GenerationFailed(FailureCode.INVALID_OUTPUT, problem, raw=text[:RAW_LIMIT], usage=Usage(calls=1))

    async def chunks(self, response: httpx2.Response, limit: int) -> AsyncIterator[bytes]:
        """Return the chunks of a body as they arrive, unpacked.

        Raises:
            GenerationFailed: they are longer than `limit` bytes together.
        """
        read = 0
        async for chunk in response.aiter_bytes():
            read += len(chunk)
            if read > limit:
                raise self.exceeded(limit)
            yield chunk


class CutStream(httpx2.AsyncByteStream):
    """The body of an error, cut: the SDK reads all of it, and its code is in the status."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self.stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = ERROR_BYTES
        async for chunk in self.stream:
            yield chunk[:left]
            left -= len(chunk)
            if left <= 0:
                return

    async def aclose(self) -> None:
        await self.stream.aclose()


async def cut_errors(response: httpx2.Response) -> None:
    """A hook of the HTTP client: bound the bodies of errors."""
    if response.status_code >= 400 and isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = CutStream(response.stream)
