"""The measurement: `python -m blogsite.benchmarks.hostile.prober URL SECONDS`.

Reads both addresses every 50 ms, whether or not earlier reads have been answered, and prints one line with the times.
"""

import asyncio
import json
import sys
import time
from http import HTTPStatus

import aiohttp

from blogsite.benchmarks.hostile.scene import READ

PATHS = {"get": f"/api/v1/blogs/{READ}", "healthz": "/healthz"}
EVERY = 0.05  # seconds
PATIENCE = 10.0  # seconds


class Prober:
    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session
        self.times: dict[str, list[float]] = {name: [] for name in PATHS}  # ms
        self.failed = 0

    async def read(self, name: str) -> None:
        started = time.perf_counter()
        try:
            async with self.session.get(PATHS[name]) as answer:
                await answer.read()
            self.failed += answer.status != HTTPStatus.OK
        except (aiohttp.ClientError, TimeoutError):
            self.failed += 1
            self.times[name].append(1000 * PATIENCE)
        else:
            self.times[name].append(1000 * (time.perf_counter() - started))

    async def run(self, seconds: float) -> None:
        started = time.monotonic()
        async with asyncio.TaskGroup() as reads:
            for number in range(round(seconds / EVERY)):
                await asyncio.sleep(max(0.0, started + number * EVERY - time.monotonic()))
                for name in PATHS:
                    reads.create_task(self.read(name))


async def main(url: str, seconds: float) -> None:
    connector, patience = aiohttp.TCPConnector(limit=0, force_close=True), aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(url, connector=connector, timeout=patience) as session:
        prober = Prober(session)
        await prober.run(seconds)
    print("result", json.dumps({**prober.times, "failed": prober.failed}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
