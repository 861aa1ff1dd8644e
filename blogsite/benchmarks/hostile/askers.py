"""The load: `python -m blogsite.benchmarks.hostile.askers FILE`; the file has its orders, of `scene.py`.

Prints "ready" once it has begun, and at the end one line with the answers by address and status.
"""

import asyncio
import json
import sys
from collections import Counter
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from blogsite.benchmarks.hostile.scene import incompressible_text

AFTER_REFUSAL = 0.1  # seconds
REFUSALS = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
BARE_503 = "503 without Retry-After"
BROKEN = "broken"
CHUNK = 2**16  # bytes
SLOW_BODY = 900_000  # bytes, of which one comes every
DRIP = 0.5  # seconds


class Load:
    """Everybody who asks; `answers` counts, by address and status."""

    def __init__(self, orders: dict[str, Any], session: aiohttp.ClientSession) -> None:
        self.orders, self.session = orders, session
        self.answers: dict[str, Counter[str]] = {name: Counter() for name in (*orders["addresses"], "edit", "slow")}

    async def send(self, name: str, address: dict[str, Any]) -> None:
        """Send one request, read its answer and count it; wait a little if it was refused or broken off."""
        counted = self.answers[name]
        path, method, body, headers = (address[key] for key in ("path", "method", "body", "headers"))
        try:
            async with self.session.request(method, path, data=body or None, headers=headers) as answer:
                async for _ in answer.content.iter_chunked(CHUNK):
                    pass
        except aiohttp.ClientError:
            counted[BROKEN] += 1
            await asyncio.sleep(AFTER_REFUSAL)
            return
        is_bare = answer.status == HTTPStatus.SERVICE_UNAVAILABLE and "Retry-After" not in answer.headers
        counted[BARE_503 if is_bare else str(answer.status)] += 1
        if answer.status in REFUSALS:
            await asyncio.sleep(AFTER_REFUSAL)

    async def ask(self, name: str, address: dict[str, Any]) -> None:
        while True:
            await self.send(name, address)

    async def edit(self) -> None:
        text, number = incompressible_text(), 0
        address = {"path": self.orders["edited"], "method": "PATCH", "headers": self.orders["owner"]}
        while True:
            number += 1
            await self.send("edit", address | {"body": json.dumps({"content": text[number:] + text[:number]})})

    async def send_slowly(self) -> None:
        """Send bodies that never end, one after the other."""
        where = urlsplit(self.orders["url"])
        lines = [f"{name}: {value}" for name, value in self.orders["owner"].items()]
        lines = ["POST /api/v1/blogs HTTP/1.1", f"Host: {where.netloc}", *lines, f"Content-Length: {SLOW_BODY}"]
        while True:
            reader, writer = await asyncio.open_connection(where.hostname, where.port)
            writer.write("\r\n".join([*lines, "", ""]).encode())
            answer = asyncio.ensure_future(reader.readline())
            with suppress(OSError):
                while not answer.done():
                    writer.write(b" ")
                    await asyncio.wait([answer], timeout=DRIP)
            words = (await answer).split() if answer.done() and not answer.exception() else []
            self.answers["slow"][words[1].decode() if words else BROKEN] += 1
            writer.close()

    async def run(self) -> None:
        """Ask until the time is up; then leave without the answers that are still to come."""
        asking = [
            self.ask(name, address)
            for name, address in self.orders["addresses"].items()
            for _ in range(self.orders["askers"])
        ]
        slow = [self.send_slowly() for _ in range(self.orders["slow"])]
        print("ready", flush=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(self.orders["seconds"]):
                await asyncio.gather(*asking, *slow, self.edit())


async def main(orders: dict[str, Any]) -> None:
    connector, forever = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(orders["url"], connector=connector, timeout=forever) as session:
        load = Load(orders, session)
        await load.run()
    print("result", json.dumps(load.answers), flush=True)


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
