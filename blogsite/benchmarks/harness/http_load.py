"""HTTP load from Debian's `wrk`, bounded in time and number, and the CPU time it takes the server's processes."""

import http.client
import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from blogsite.benchmarks.harness.resource_usage import cpu_seconds

SCRIPT = Path(__file__).with_suffix(".lua")
CONNECTIONS = 8
WARM_UP = 50  # requests
CORES = sorted(os.sched_getaffinity(0))  # the first is the server's, the last is for everything else
MAX_PER_SECOND = 20_000  # more than a Python server answers on one core: a bound for the worst case
PRIORITY = ("nice", "-n", "-10")  # over what shares its core, where the system allows it: the server is measured
NO_WRK = "missing: wrk (Debian's package wrk); install it with `apt-get install wrk`."
Series = dict[str, list["Load"]]


class LoadFailed(Exception):
    """No load could be generated; the message says what to do."""


@dataclass(frozen=True)
class Endpoint:
    """An endpoint to measure.

    Args:
        server: process id of the server, whose descendants count as its own.
        url: its URL without a path.
        path: `%d` stands for the id of a random post.
        posts: ids go from 1 to this number; 0 for a path without an id.
        method: the HTTP method.
        body: the request's body, or nothing.
        headers: `If-None-Match`, whatever its value, becomes the ETag of the random post.
        pause: milliseconds that each connection waits between two requests, on average.
        connections: at once, each with one request at a time.
    """

    server: int
    url: str
    path: str
    posts: int = 0
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: int = 0
    connections: int = CONNECTIONS


@dataclass(frozen=True)
class Load:
    """The result of putting load on an endpoint.

    Args:
        requests: number of answers.
        seconds: time they took.
        refused: answers with a status of 400 or more.
        broken: requests without an answer.
        p99_ms: milliseconds in which 99 of 100 requests were answered.
        cpu: CPU seconds that the server used.
    """

    requests: int
    seconds: float
    refused: int
    broken: int
    p99_ms: float
    cpu: float

    @property
    def rate(self) -> float:
        """Successful requests a second."""
        return (self.requests - self.refused) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the server's CPU time for a successful request."""
        return 1000 * self.cpu / max(1, self.requests - self.refused)


def wrk() -> str:
    """Return the path of wrk.

    Raises:
        LoadFailed: it is missing.
    """
    found = shutil.which("wrk")
    if not found:
        raise LoadFailed(NO_WRK)
    return found


def leave_server_core() -> None:
    """Move this process, and what it starts from now on, to the load's core; on one core both are the same."""
    os.sched_setaffinity(0, {CORES[-1]})


def put_load_on(endpoint: Endpoint, seconds: int) -> Load:
    """Send requests for `seconds` over several connections at once, one at a time on each.

    Raises:
        LoadFailed: there was no successful answer.
    """
    options = ["-t1", f"-c{endpoint.connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT)]
    headers = [f"-H{name}: {value}" for name, value in endpoint.headers.items()]
    limit = str(MAX_PER_SECOND * seconds)
    script = ["--", endpoint.method, endpoint.path, str(endpoint.posts), endpoint.body, limit, str(endpoint.pause)]
    command = [*PRIORITY, wrk(), *options, *headers, endpoint.url, *script]
    before = cpu_seconds(endpoint.server)
    run = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=False)
    cpu = cpu_seconds(endpoint.server) - before
    return parse_load(run.stdout, run.stderr, cpu, endpoint)


def request_once(endpoint: Endpoint) -> tuple[int, bytes]:
    """Send one request, for the first post where the path has an id; return the status and the body."""
    path = endpoint.path % 1 if endpoint.posts else endpoint.path
    connection = http.client.HTTPConnection(endpoint.url.removeprefix("http://"), timeout=10)
    connection.request(endpoint.method, path, endpoint.body or None, dict(endpoint.headers))
    response = connection.getresponse()
    status, body = response.status, response.read()
    connection.close()
    return status, body


def parse_load(output: str, errors: str, cpu: float, endpoint: Endpoint) -> Load:
    lines = [line for line in output.splitlines() if line.startswith("{")]
    if not lines:
        raise LoadFailed(f"wrk printed no result for {endpoint.method} {endpoint.path}: {errors or output}")
    load = Load(**json.loads(lines[0]), cpu=cpu)
    if not load.requests or load.refused == load.requests:
        raise LoadFailed(f"{endpoint.method} {endpoint.url}{endpoint.path} had no successful answer: {load}")
    return load


def interleave(endpoints: Mapping[str, Endpoint], rounds: int, seconds: int) -> Series:
    """Warm all endpoints up, then put load on each once a round: the machine's other load affects all of them."""
    for endpoint in endpoints.values():
        for _ in range(WARM_UP):
            request_once(endpoint)
    series: Series = {name: [] for name in endpoints}
    for number in range(rounds):
        names = list(endpoints)
        for name in names if number % 2 else reversed(names):
            series[name].append(put_load_on(endpoints[name], seconds))
    return series


def rate_ratio(ours: Sequence[Load], theirs: Sequence[Load]) -> float:
    """Return our requests a second divided by theirs, as the median over the rounds."""
    return round(median(a.rate / b.rate for a, b in zip(ours, theirs, strict=True)), 3)


def cpu_ratio(ours: Sequence[Load], theirs: Sequence[Load]) -> float:
    """Return their CPU time for a request divided by ours, as the median over the rounds."""
    return round(median(b.cpu_ms / a.cpu_ms for a, b in zip(ours, theirs, strict=True)), 3)
