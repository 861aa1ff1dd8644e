"""The model clients of one executor: one for each provider that it writes with."""

import asyncio
from contextlib import AsyncExitStack
from typing import Self

from generation.llm.client import ModelClient
from generation.llm.providers import Provider


class ModelClients:
    """Opens a client when the first post is written with it; an async context manager that closes them all."""

    def __init__(self) -> None:
        self._clients: dict[str, ModelClient] = {}
        self._stack = AsyncExitStack()
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def of(self, provider: Provider) -> ModelClient:
        """Return the open client of a provider."""
        async with self._lock:
            if provider.key not in self._clients:
                self._clients[provider.key] = await self._stack.enter_async_context(ModelClient(provider))
            return self._clients[provider.key]
