"""HTTP load from Debian's `wrk`, bounded in time and number, and what it cost the server's processes."""

import http.client
import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from blogsite.benchmarks.harness.measuring import cpu_seconds

SCRIPT = Path(__file__).with_suffix(".lua")
CONNECTIONS = 8
WARM_UP = 50  # requests
CORES = sorted(os.sched_getaffinity(0))  # the first is the server's, the last everybody else's
MOST_A_SECOND = 20_000  # more than a Python server answers on one core: a stop for the worst case
FIRST = ("nice", "-n", "-10")  # before what shares its core, where the system allows it: the server is on trial
Series = dict[str, list["Load"]]


class LoadFailed(Exception):
    """No load could be made; the message says what to do."""


@dataclass(frozen=True)
class Shot:
    """What to ask of which server.

    Args:
        server: process id of the server, whose descendants count as its own.
        url: its address without a path.
        path: what is asked for; `%d` stands for the id of a random post.
        posts: ids go from 1 to this number; 0 for a path without an id.
        method: the HTTP method.
        body: what is sent, or nothing.
        headers: `If-None-Match`, whatever its value, becomes the tag of the random post.
        pause: milliseconds that each connection waits between two requests, on average; 0 asks without a pause.
    """

    server: int
    url: str
    path: str
    posts: int = 0
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: int = 0


@dataclass(frozen=True)
class Load:
    """What came back.

    Args:
        requests: answers in all.
        seconds: time they took.
        refused: answers with a status of 400 or more.
        broken: requests without an answer.
        p99_ms: milliseconds in which 99 of 100 requests were answered.
        cpu: processor seconds that the server used.
    """

    requests: int
    seconds: float
    refused: int
    broken: int
    p99_ms: float
    cpu: float

    @property
    def rate(self) -> float:
        """Requests done a second; refused ones are not done."""
        return (self.requests - self.refused) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the server's processor time for a request."""
        return 1000 * self.cpu / max(1, self.requests - self.refused)


def wrk() -> str:
    """Return where wrk is.

    Raises:
        LoadFailed: it is missing.
    """
    found = shutil.which("wrk")
    if not found:
        raise LoadFailed("missing: wrk (Debian's package wrk); install it with `apt-get install wrk`.")
    return found


def leave_servers_core() -> None:
    """Move this process, and so what it starts from now on, to the load's core; on one core both are the same."""
    os.sched_setaffinity(0, {CORES[-1]})


def fire(shot: Shot, seconds: int, connections: int = CONNECTIONS) -> Load:
    """Ask for `seconds` over so many connections at once, one request at a time in each.

    Raises:
        LoadFailed: nothing was answered.
    """
    options = ["-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT)]
    headers = [f"-H{name}: {value}" for name, value in shot.headers.items()]
    most = str(MOST_A_SECOND * seconds)
    script = ["--", shot.method, shot.path, str(shot.posts), shot.body, most, str(shot.pause)]
    command = [*FIRST, wrk(), *options, *headers, shot.url, *script]
    before = cpu_seconds(shot.server)
    run = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=False)
    cpu = cpu_seconds(shot.server) - before
    return load_of(run.stdout, run.stderr, cpu, shot)


def look(shot: Shot) -> tuple[int, bytes]:
    """Ask once, for the first post where the path has room for one; return the status and the body."""
    path = shot.path % 1 if shot.posts else shot.path
    connection = http.client.HTTPConnection(shot.url.removeprefix("http://"), timeout=10)
    connection.request(shot.method, path, shot.body or None, dict(shot.headers))
    response = connection.getresponse()
    status, body = response.status, response.read()
    connection.close()
    return status, body


def load_of(output: str, complaint: str, cpu: float, shot: Shot) -> Load:
    lines = [line for line in output.splitlines() if line.startswith("{")]
    if not lines:
        raise LoadFailed(f"wrk gave no figures for {shot.method} {shot.path}: {complaint or output}")
    load = Load(**json.loads(lines[0]), cpu=cpu)
    if not load.requests or load.refused == load.requests:
        raise LoadFailed(f"{shot.method} {shot.url}{shot.path} was not answered, or only with errors: {load}")
    return load


def interleave(shots: Mapping[str, Shot], rounds: int, seconds: int) -> Series:
    """Fire every shot once a round, in turns, so that the machine's other load hits all of them; warm them up first."""
    for shot in shots.values():
        for _ in range(WARM_UP):
            look(shot)
    series: Series = {name: [] for name in shots}
    for number in range(rounds):
        names = list(shots)
        for name in names if number % 2 else reversed(names):
            series[name].append(fire(shots[name], seconds))
    return series


def rate_ratio(ours: Sequence[Load], theirs: Sequence[Load]) -> float:
    """Return how many times as many requests a second, as the median over the rounds."""
    return round(median(a.rate / b.rate for a, b in zip(ours, theirs, strict=True)), 3)


def cpu_ratio(ours: Sequence[Load], theirs: Sequence[Load]) -> float:
    """Return their processor time for a request over ours, as the median over the rounds: 1 is as cheap."""
    return round(median(b.cpu_ms / a.cpu_ms for a, b in zip(ours, theirs, strict=True)), 3)
