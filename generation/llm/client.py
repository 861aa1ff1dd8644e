"""Calls to a model: one provider's connections, with everything that can go wrong turned into failure codes.

The only module that imports `openai`, and only when a client opens or `preload` is called: the SDK costs a second and
40 MB, which processes that never call a model (web, the embedded model's own) should not pay.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings

from generation.failures import FailureCode, GenerationFailed
from generation.llm.providers import OPENAI_URL, Provider
from generation.llm.responses import SERVER_FAILED, Completion, read_completion, rejection
from generation.llm.sse import StreamReader
from generation.processes.deadline import deadline

if TYPE_CHECKING:
    import aiohttp
    import openai

    from generation.llm.bounds import Allowance

END_WAIT = 1.0  # seconds for a connection to end a response that is complete
HEADER_BYTES = 64 * 1024  # of one header: some gateways send more than the 8 kB that aiohttp reads unless told
UNREACHABLE = "could not be reached or closed the connection"


def preload() -> None:
    """Import the SDK and what it imports late, so that processes forked from here share its memory."""
    import openai.resources.chat

    openai.DefaultAioHttpClient(verify=_tls())


@cache
def _tls() -> ssl.SSLContext:
    """Return the TLS context of all calls; reading the certificate authorities costs 40 ms of CPU each time."""
    import httpx2

    return httpx2.create_ssl_context()


class ModelClient:
    """One provider's connection pool; an async context manager."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._deadline: float = settings.GENERATION_CALL_DEADLINE
        # Until the server rejects them: streams, and `stream_options`.
        self._can_stream = self._can_count = True

    async def __aenter__(self) -> Self:
        self._client = _open(self.provider)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def complete(
        self,
        messages: list[dict[str, str]],
        *,
        max_tokens: int,
        temperature: float,
        json_schema: dict[str, Any] | None = None,
        seed: int | None = None,
        pieces: list[str] | None = None,
        **sampling: float,
    ) -> Completion:
        """Call the model once: waiting and retrying are the caller's job.

        Args:
            messages: the chat so far, each with `role` and `content`.
            max_tokens: the maximum length of the answer, in tokens.
            temperature: 0 to 2.
            json_schema: the strict schema that the answer must follow.
            seed: makes an answer repeatable where the provider supports it.
            pieces: makes the answer stream, and is filled with the text as it arrives.
            sampling: further parameters of OpenAI's API, such as `frequency_penalty`.

        Raises:
            GenerationFailed: with the code for what went wrong; an answer that was cut off is no failure here.
        """
        body: dict[str, Any] = {"model": self.provider.model, "messages": messages, "temperature": temperature}
        # OpenAI's newer models reject the old name, and most compatible servers know no other.
        body["max_completion_tokens" if self.provider.name == "openai" else "max_tokens"] = max_tokens
        if json_schema is not None:
            strict = {"name": "answer", "strict": True, "schema": json_schema}
            body["response_format"] = {"type": "json_schema", "json_schema": strict}
        if seed is not None:
            body["seed"] = seed
        body |= {**sampling, **self.provider.extra_body}
        from generation.llm.bounds import Allowance  # here: it imports the HTTP client

        allowance = Allowance(max_tokens, self.provider.address)
        while pieces is not None and self._can_stream:
            try:
                return await self._complete_streaming(body, StreamReader(pieces, allowance), allowance)
            except GenerationFailed as failure:
                if not self._fall_back_after(failure):
                    raise
        return read_completion(await self._complete_plain(body, allowance))

    async def _complete_plain(self, body: dict[str, Any], allowance: Allowance) -> str:
        create = self._client.chat.completions.with_streaming_response.create
        async with self._translated_errors(), create(**_arguments(body)) as answered:
            return await allowance.whole(answered.http_response)

    async def _complete_streaming(self, body: dict[str, Any], reader: StreamReader, allowance: Allowance) -> Completion:
        more: dict[str, Any] = {"stream_options": {"include_usage": True}} if self._can_count else {}
        create = self._client.chat.completions.with_streaming_response.create
        async with self._translated_errors(reader), create(**_arguments(body | more), stream=True) as streamed:
            response = streamed.http_response
            if "json" in response.headers.get("content-type", ""):  # a server that does not stream
                return read_completion(await allowance.whole(response))
            chunks = allowance.chunks(response, allowance.stream)
            async for data in chunks:
                reader.feed(data)
                if reader.done:
                    await _drain(chunks)
                    break
            return reader.completion()

    def _fall_back_after(self, failure: GenerationFailed) -> bool:
        """Stop using the streaming feature that a server rejected; return whether `failure` was about one."""
        if failure.code != FailureCode.PROVIDER_REJECTED or "stream" not in failure.message:
            return False
        if self._can_count and "stream_options" in failure.message:
            self._can_count = False
        else:
            self._can_stream = False
        return True

    @asynccontextmanager
    async def _translated_errors(self, reader: StreamReader | None = None) -> AsyncIterator[None]:
        """Turn the errors of a call into failures with a code, and end the call at its deadline."""
        import aiohttp
        import httpx2
        import openai

        failed = reader.failed if reader else self._failed
        try:
            # The only timeout: the SDK's own restarts with every byte, so that a dripping server could hold a slot
            # for ever; and its transport reports every broken connection as a timeout.
            async with deadline(self._deadline):
                yield
        except TimeoutError as error:
            raise failed(
                FailureCode.TIMEOUT, f"did not complete its response within {self._deadline:g} seconds"
            ) from error
        except openai.APIStatusError as error:
            to = self.provider
            raise rejection(error.response, where=to.address, model=to.model, secret=to.api_key) from error
        except (openai.APIConnectionError, httpx2.HTTPError, aiohttp.ClientError) as error:
            raise failed(FailureCode.PROVIDER_UNAVAILABLE, UNREACHABLE) from error
        except (openai.OpenAIError, ValueError) as error:
            raise failed(FailureCode.PROVIDER_REJECTED, f"cannot be called: {error}") from error

    def _failed(self, code: FailureCode, what: str) -> GenerationFailed:
        return GenerationFailed(code, SERVER_FAILED.format(where=self.provider.address, what=what))


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


def _open(provider: Provider) -> openai.AsyncOpenAI:
    import httpx2
    import openai

    from generation.llm.bounds import bound_body

    url = httpx2.URL(provider.base_url or OPENAI_URL)
    # On aiohttp a post takes a third less CPU. A proxy from the environment is not for loopback.
    http_client = openai.DefaultAioHttpClient(
        verify=_tls(),
        trust_env=provider.name != "embedded",
        auth=(url.username, url.password) if url.userinfo else None,
        headers={"Accept-Encoding": "identity"},  # packed, a few bytes may be gigabytes, and a stream may be held up
        event_hooks={"response": [bound_body]},
    )
    transports: list[Any] = [http_client._transport, *filter(None, http_client._mounts.values())]
    for transport in transports:
        transport.client = partial(_session, transport)
    return openai.AsyncOpenAI(
        # Some compatible servers need no key, but the SDK does.
        api_key=provider.api_key or "none",
        base_url=url.copy_with(userinfo=b""),
        max_retries=0,
        timeout=None,
        http_client=http_client,
    )


def _session(transport: Any) -> aiohttp.ClientSession:
    """Return the session that one of the SDK's transports would open itself, but with room for long headers."""
    import aiohttp

    connector = aiohttp.TCPConnector(
        limit=transport.limits.max_connections,
        keepalive_timeout=transport.limits.keepalive_expiry,
        ssl=transport.ssl_context,
    )
    return aiohttp.ClientSession(connector=connector, max_line_size=HEADER_BYTES, max_field_size=HEADER_BYTES)
