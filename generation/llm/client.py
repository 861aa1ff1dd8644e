"""Calls to a model: one provider's connections, with everything that can go wrong turned into failure codes.

The only module that imports `openai`, and only when a client opens or `preload` is called: the SDK costs a second and
40 MB, which processes that never call a model (web, the embedded model's own) should not pay.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings

from generation.failures import FailureCode, GenerationFailed
from generation.llm.calls_in_flight import CallsInFlight
from generation.llm.dialect import dialect_of
from generation.llm.first_calls import FirstCalls
from generation.llm.providers import Provider
from generation.llm.request import ModelRequest
from generation.llm.responses import SERVER_FAILED, Completion, ServerFailed, failure_of
from generation.llm.retry_after import retry_after
from generation.llm.server_errors import read_error
from generation.llm.sse import BROKE_OFF
from generation.processes.deadline import Deadline, deadline

if TYPE_CHECKING:
    import httpx2

    from generation.costs import Usage
    from generation.llm.answer import AnswerReader

END_WAIT = 1.0  # seconds for a connection to end a response that is complete
BEFORE_FIRST_BYTE = 3  # times the call's deadline: a server with one slot lets others wait
LATE = "did not complete its response within {seconds:g} seconds"
SILENT = "did not begin to answer within {seconds:g} seconds"


def preload() -> None:
    """Import the SDK and what it imports late, so that processes forked from here share its memory."""
    import openai.resources.chat

    from generation.llm.connections import tls

    openai.DefaultAioHttpClient(verify=tls())


class ModelClient:
    """One provider's connection pool; an async context manager."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.dialect = dialect_of(provider)
        self._deadline: float = settings.GENERATION_CALL_DEADLINE
        self._in_flight = CallsInFlight(provider.key)
        self._first_calls = FirstCalls(self.dialect.accepted)

    async def __aenter__(self) -> Self:
        import openai

        from generation.llm.connections import http_client

        client, url = http_client(self.provider, openai.DefaultAioHttpClient)
        # Some compatible servers need no key, but the SDK does.
        key = self.provider.api_key or "none"
        self._client = openai.AsyncOpenAI(api_key=key, base_url=url, max_retries=0, timeout=None, http_client=client)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def complete(
        self,
        request: ModelRequest,
        pieces: list[str] | None = None,
        on_sending: Callable[[], None] = lambda: None,
        allowed: int | None = None,
    ) -> Completion:
        """Return one answer of the model. Waiting and retrying are the caller's job.

        What the server's dialect does not allow is put differently at once, and so it is in all later requests.

        Args:
            request: `max_tokens` in its sampling is the maximum length of the text, in tokens.
            pieces: makes the answer stream, and is filled with the text as it arrives.
            on_sending: called when the request goes out, which may not be at once.
            allowed: tokens that are asked for at most, whatever the dialect learns until then.

        Raises:
            GenerationFailed: with the code for what went wrong; an answer that was cut off is no failure here.
        """
        if pieces is not None:
            pieces.clear()
        while True:
            body = self.dialect.body(self.provider, request, streams=pieces is not None)
            if allowed is not None and (name := self.dialect.limit_name) in body:
                body[name] = min(body[name], allowed)
            if await self._first_calls.wait(frozenset(body)):
                continue  # the call before may have taught something
            try:
                with self._first_calls.making(frozenset(body)):
                    return await self._call(body, self.dialect.allowance_in(body, request), pieces, on_sending)
            except ServerFailed as failure:
                # One that broke off while it answered may have to be paid for; the next would be paid for too.
                if not self.dialect.learn(failure.error, body) or failure.raw or _is_counted(failure.usage):
                    raise

    async def _call(
        self, body: dict[str, Any], tokens: int, pieces: list[str] | None, on_sending: Callable[[], None]
    ) -> Completion:
        from generation.llm.answer import AnswerReader
        from generation.llm.bounds import Allowance  # here: it imports the HTTP client

        allowance = Allowance(tokens, self.provider.address)
        reader = AnswerReader(pieces, allowance, self.provider)
        create = self._client.chat.completions.with_streaming_response.create
        async with self._in_flight.one() as started_at:
            on_sending()
            async with self._translated_errors(reader, started_at) as limit, create(**_arguments(body)) as answered:
                self._first_calls.accept(frozenset(body))
                chunks = allowance.chunks(answered.http_response)
                async for data in chunks:
                    if not reader.has_begun:
                        limit.restart(self._deadline)
                    reader.feed(data)
                    if reader.done:
                        await _drain(chunks)
                        break
            return reader.completion()

    @asynccontextmanager
    async def _translated_errors(self, reader: AnswerReader, started_at: float) -> AsyncIterator[Deadline]:
        """Turn the errors of a call into failures with a code, and end the call at its deadline."""
        import aiohttp
        import httpx2
        import openai

        from generation.llm.connections import RedirectRefused, connection_failure

        try:
            # The only timeout: the SDK's own restarts with every byte, so that a dripping server could hold a slot
            # for ever; and its transport reports every broken connection as a timeout.
            async with deadline(self._deadline * BEFORE_FIRST_BYTE) as limit:
                yield limit
        except TimeoutError as error:
            what = LATE.format(seconds=self._deadline)
            if not reader.has_begun:
                self._in_flight.timed_out(started_at)
                what = SILENT.format(seconds=self._deadline * BEFORE_FIRST_BYTE)
            raise reader.failed(FailureCode.TIMEOUT, what) from error
        except openai.APIStatusError as error:
            raise self._refusal(error.response) from error
        except (openai.APIConnectionError, httpx2.HTTPError, aiohttp.ClientError, RedirectRefused) as error:
            if reader.has_begun:
                raise reader.failed(FailureCode.PROVIDER_UNAVAILABLE, BROKE_OFF) from error
            raise connection_failure(error, self.provider) from error
        except (openai.OpenAIError, ValueError) as error:
            details = SERVER_FAILED.format(where=self.provider.address, what=f"cannot be called: {error}")
            code = FailureCode.PROVIDER_REJECTED
            raise GenerationFailed(code, code.summary, details=details) from error

    def _refusal(self, response: httpx2.Response) -> GenerationFailed:
        wait = retry_after(response.headers, response.text)
        return failure_of(read_error(response.status_code, response.text), self.provider, retry_after=wait)


def _is_counted(usage: Usage | None) -> bool:
    return bool(usage and usage.prompt_tokens)


def _arguments(body: dict[str, Any]) -> dict[str, Any]:
    """Return arguments with which the SDK sends `body` unchanged.

    It searches all other arguments for names to translate, which takes a third of a call's CPU.
    """
    return {"model": body["model"], "messages": [], "extra_body": body}


async def _drain(chunks: AsyncIterator[bytes]) -> None:
    """Read the end of a response that is complete, for a short while, so that its connection can be reused.

    However the connection ends, the answer is complete and paid for.
    """
    with suppress(Exception):
        async with asyncio.timeout(END_WAIT):
            async for _ in chunks:
                pass
