"""Calls of a model: one provider's connections, and all that can go wrong with them turned into failure codes.

The only module that imports `openai`, and only when a client opens or `preload` is called: the SDK costs a second and
40 MB, which processes that never ask a model (web, the embedded model's own) should not pay.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings

from generation.failures import FailureCode, GenerationFailed
from generation.llm.providers import OPENAI_URL, Provider
from generation.llm.responses import Completion, read_completion, rejection
from generation.llm.sse import StreamReader

if TYPE_CHECKING:
    import openai

END_WAIT = 1.0  # seconds for a connection to end an answer that is complete


def preload() -> None:
    """Import the SDK and what it imports late, so that processes forked from here share its memory."""
    import openai.resources.chat

    openai.DefaultAioHttpClient(verify=_tls())


@cache
def _tls() -> ssl.SSLContext:
    """Return what encrypted calls need; reading all the authorities costs 40 ms of CPU each time."""
    import httpx2

    return httpx2.create_ssl_context()


class ModelClient:
    """One provider's connection pool; an async context manager."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._deadline: float = settings.GENERATION_CALL_DEADLINE
        # What the server has not refused yet: to stream, and to count the tokens of a stream.
        self._streams = self._counts = True

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
        """Ask for one answer, once: waiting and trying again is the engine's matter.

        Args:
            messages: the chat so far, each with `role` and `content`.
            max_tokens: the longest answer, in tokens.
            temperature: 0 to 2.
            json_schema: the strict schema the answer must follow.
            seed: makes an answer repeatable where the provider supports it.
            pieces: has the answer streamed, and is filled with the text as it comes.
            sampling: further parameters of OpenAI's own, such as `frequency_penalty`.

        Raises:
            GenerationFailed: with the code for what went wrong; an answer that was cut short is no failure here.
        """
        request: dict[str, Any] = {"model": self.provider.model, "messages": messages, "temperature": temperature}
        # OpenAI's newer models refuse the old name, and most compatible servers know no other.
        request["max_completion_tokens" if self.provider.name == "openai" else "max_tokens"] = max_tokens
        if json_schema is not None:
            strict = {"name": "answer", "strict": True, "schema": json_schema}
            request["response_format"] = {"type": "json_schema", "json_schema": strict}
        if seed is not None:
            request["seed"] = seed
        request |= {**sampling, **self.provider.extra_body}
        while pieces is not None and self._streams:
            try:
                return await self._streamed(request, StreamReader(pieces, self.provider.address))
            except GenerationFailed as failure:
                if not self._learnt_from(failure):
                    raise
        return read_completion(await self._whole(request))

    async def _whole(self, request: dict[str, Any]) -> str:
        async with self._translated():
            response = await self._client.chat.completions.with_raw_response.create(**_unchanged(request))
            return str(response.http_response.text)

    async def _streamed(self, request: dict[str, Any], reader: StreamReader) -> Completion:
        more: dict[str, Any] = {"stream_options": {"include_usage": True}} if self._counts else {}
        create = self._client.chat.completions.with_streaming_response.create
        async with self._translated(reader), create(**_unchanged(request | more), stream=True) as answer:
            response = answer.http_response
            if "json" in response.headers.get("content-type", ""):  # a server that knows no streams
                return read_completion((await response.aread()).decode(errors="replace"))
            arriving = response.aiter_bytes()
            async for data in arriving:
                reader.feed(data)
                if reader.done:
                    await _read_out(arriving)
                    break
            return reader.completion()

    def _learnt_from(self, failure: GenerationFailed) -> bool:
        """Whether a server refused a way of streaming that it will not be asked for again."""
        if failure.code != FailureCode.PROVIDER_REJECTED or "stream" not in failure.message:
            return False
        if self._counts and "stream_options" in failure.message:
            self._counts = False
        else:
            self._streams = False
        return True

    @asynccontextmanager
    async def _translated(self, reader: StreamReader | None = None) -> AsyncIterator[None]:
        """Turn what goes wrong with a call into a failure with a code, and end the call at its deadline."""
        import aiohttp
        import httpx2
        import openai

        failed = reader.broken if reader else self._failed
        try:
            # The only clock: the SDK's own starts again with every byte, so that a dripping server could hold a slot
            # for ever; and its transport takes every broken connection for a timeout.
            async with asyncio.timeout(self._deadline):
                yield
        except TimeoutError as error:
            raise failed(FailureCode.TIMEOUT, f"gave no whole answer within {self._deadline:g} seconds") from error
        except openai.APIStatusError as error:
            asked = self.provider
            raise rejection(error.response, where=asked.address, model=asked.model, secret=asked.api_key) from error
        except (openai.APIConnectionError, httpx2.HTTPError, aiohttp.ClientError) as error:
            raise failed(FailureCode.PROVIDER_UNAVAILABLE, "cannot be reached or broke off") from error
        except (openai.OpenAIError, ValueError) as error:
            raise failed(FailureCode.PROVIDER_REJECTED, f"cannot be asked: {error}") from error

    def _failed(self, code: FailureCode, what: str) -> GenerationFailed:
        return GenerationFailed(code, f"The model's server at {self.provider.address} {what}.")


def _unchanged(request: dict[str, Any]) -> dict[str, Any]:
    """Return arguments with which the SDK sends `request` as it is.

    It looks through all others for names to translate, which takes a third of a call's CPU.
    """
    return {"model": request["model"], "messages": [], "extra_body": request}


async def _read_out(arriving: AsyncIterator[bytes]) -> None:
    """Read the end of an answer that is over, so that its connection can be used again; not for ever.

    However its connection ends, the answer is whole and paid for.
    """
    with suppress(Exception):
        async with asyncio.timeout(END_WAIT):
            async for _ in arriving:
                pass


def _open(provider: Provider) -> openai.AsyncOpenAI:
    import httpx2
    import openai

    url = httpx2.URL(provider.base_url or OPENAI_URL)
    return openai.AsyncOpenAI(
        # Some compatible servers want no key, but the SDK wants one.
        api_key=provider.api_key or "none",
        base_url=url.copy_with(userinfo=b""),
        max_retries=0,
        timeout=None,
        # On aiohttp: a post takes a third less CPU. A proxy named in the environment is not for loopback.
        http_client=openai.DefaultAioHttpClient(
            verify=_tls(),
            trust_env=provider.name != "embedded",
            auth=(url.username, url.password) if url.userinfo else None,
        ),
    )
