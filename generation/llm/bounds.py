"""How much of a server's response is read: a server that never stops must not fill memory or database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

import httpx2

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.responses import RAW_LIMIT, SERVER_FAILED

# Of a text: the longest tokens in use are some 16 bytes, and the rest holds what else is in a whole answer.
BYTES_A_TOKEN, BYTES_AROUND = 16, 64 * 1024
# Of a stream, which wraps each token into an event of its own: with a content filter's findings they have 800.
BYTES_AN_EVENT = 2048
ERROR_BYTES = 64 * 1024  # of the body of an error or redirect, unpacked
OVERSIZED = "The model's answer was far longer than it may be."
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

    def exceeded(self, limit: int, text: str = "", usage: Usage | None = None) -> GenerationFailed:
        """Return the failure of an answer that is longer than `limit` bytes, with its text and usage so far."""
        code, usage = FailureCode.INVALID_OUTPUT, usage or Usage(calls=1)
        details = SERVER_FAILED.format(where=self.where, what=TOO_MUCH.format(limit=limit, tokens=self.tokens))
        # A server that ignored the limit once does so again, and each time costs more than a whole answer.
        return GenerationFailed(code, OVERSIZED, details=details, raw=text[:RAW_LIMIT], usage=usage, is_final=True)

    async def chunks(self, response: httpx2.Response) -> AsyncIterator[bytes]:
        """Return the chunks of a body as they arrive, unpacked.

        Raises:
            GenerationFailed: they are longer than any stream may be.
        """
        read = 0
        async for chunk in response.aiter_bytes():
            read += len(chunk)
            if read > self.stream:
                raise self.exceeded(self.stream)
            yield chunk


class Beginning(httpx2.AsyncByteStream):
    """The beginning of a response's body, unpacked."""

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = ERROR_BYTES
        async with aclosing(self._response.aiter_bytes()) as chunks:
            async for chunk in chunks:
                yield chunk[:left]
                left -= len(chunk)
                if left <= 0:
                    return

    async def aclose(self) -> None:
        await self._response.aclose()


async def bound_body(response: httpx2.Response) -> None:
    """Bound what one step of reading can unpack, and how much of an error or redirect can be read at all.

    A hook of the HTTP client, called before a body is read. The SDK and the client read the body of an error or
    redirect to its end; a success is read by `Allowance`.
    """
    if "," in response.headers.get("content-encoding", ""):  # layers multiply; not even one was requested
        response.headers.pop("content-encoding")
    if response.is_success:
        return
    packed = httpx2.Response(
        response.status_code, headers=response.headers, stream=response.stream, request=response.request
    )
    response.stream = Beginning(packed)
    response.headers.pop("content-encoding", None)
    # Whatever its header says: Python knows character sets that unpack a few bytes into gigabytes.
    response.encoding = "utf-8"
