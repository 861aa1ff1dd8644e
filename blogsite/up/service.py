"""The whole service in the foreground: its parts as processes with one log, stopped together."""

import http.client
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from django.conf import settings

from accounts.checks import SHOWN
from blogsite.up.web import web_command
from blogsite.up.welcome import base_url, reachable
from generation.llm.embedded_server import HOST as MODEL_HOST
from generation.processes.child import ChildProcess
from generation.processes.output import LineOutput
from generation.processes.ports import free_port
from generation.worker.supervisor import WORKER_READY
from generation.worker.waiting import WORKER_WAITS

READY_WITHIN = 60.0  # seconds; a cold start on two busy cores takes about ten
GRACE = 8.0  # seconds; the worker takes GENERATION_GRACE and 3 more, and everything must have stopped after 10
WEB_GRACE = 3  # seconds for requests under way
COLOURS = {"up": 1, "model": 35, "web": 36, "worker": 33}  # ANSI
EXITED = "{name} exited with code {code}, so everything was stopped."
NOT_READY = "{name} was not ready within {seconds:.0f} s, so everything was stopped."
LAST_LINES = "Its last lines:"


class PartFailed(Exception):
    """A part exited or was not ready in time; the message says which, with its last lines."""


class Log:
    """Writes lines from many threads to one output, each whole and with the name of its part.

    An output that nobody reads stops neither the service nor, at a full pipe, its parts.
    """

    def __init__(self, stream: TextIO, *, colours: bool) -> None:
        self.output, self.colours = LineOutput(stream.fileno()), colours
        self.lock = threading.Lock()

    def write(self, name: str, line: str) -> None:
        label = f"{name:<6} |"
        if self.colours:
            label = f"\x1b[{COLOURS.get(name, 0)}m{label}\x1b[0m"
        self.write_plain(f"{label} {line}")

    def write_plain(self, text: str) -> None:
        with self.lock:
            self.output.write(text)


@dataclass
class Part:
    """One process of the service.

    Args:
        name: at most six letters, as in its log lines.
        argv: what comes after the Python interpreter.
        is_ready: polled until it is true.
        stops_last: others need it until they have stopped.
    """

    name: str
    argv: Sequence[str]
    is_ready: Callable[["Part"], bool]
    stops_last: bool = False
    lines: set[str] = field(default_factory=set)  # kept only until it is ready
    ready: bool = False

    def start(self, env: Mapping[str, str], log: Log) -> None:
        def keep_and_log(line: str) -> None:
            if not self.ready:
                self.lines.add(line)
            log.write(self.name, line)

        self.child = ChildProcess([sys.executable, *self.argv], on_line=keep_and_log, env=env, cwd=settings.BASE_DIR)
        self.child.start()

    def check(self) -> None:
        """Note whether it is ready.

        Raises:
            PartFailed: it exited.
        """
        if not self.child.alive:
            time.sleep(0.2)  # for its last lines
            raise PartFailed(self.failure(EXITED.format(name=self.name, code=self.child.exit_code)))
        if not self.ready and self.is_ready(self):
            self.ready = True
            self.lines.clear()

    def failure(self, reason: str) -> str:
        lines = "".join(f"\n  {line}" for line in self.child.last_lines)
        return reason + (f" {LAST_LINES}{lines}" if lines else "")


class Service:
    """All parts together: run until `stopping` is set, or until one exits."""

    def __init__(self, parts: Sequence[Part], log: Log) -> None:
        self.parts, self.log = parts, log
        self.stopping = threading.Event()

    def run(self, env: Mapping[str, str], when_ready: Callable[[], None]) -> None:
        """Start the parts, call `when_ready` once all are ready, and stop them all, whatever happens.

        Raises:
            PartFailed: one part exited or was not ready in time.
        """
        try:
            for part in self.parts:
                part.start(env, self.log)
            self.wait_until_ready()
            if not self.stopping.is_set():
                when_ready()
            while not self.stopping.wait(0.2):
                for part in self.parts:
                    part.check()
        finally:
            self.stop_parts()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not self.stopping.wait(0.1):
            for part in self.parts:
                part.check()
            late = [part for part in self.parts if not part.ready]
            if not late:
                return
            if time.monotonic() > deadline:
                raise PartFailed(late[0].failure(NOT_READY.format(name=late[0].name, seconds=READY_WITHIN)))

    def stop_parts(self) -> None:
        deadline = time.monotonic() + GRACE
        started = [part for part in self.parts if hasattr(part, "child")]
        for part in started:
            if not part.stops_last:
                part.child.terminate()
        for part in sorted(started, key=lambda part: part.stops_last):
            part.child.end(max(0.1, deadline - time.monotonic()))


def parts_and_env(address: str, port: int, workers: int | None) -> tuple[list[Part], dict[str, str]]:
    """Return the parts that the settings call for and the environment they share.

    Args:
        address: the IP address that the web server listens on.
        port: its TCP port.
        workers: number of processes that write posts, or None for the settings' number.
    """
    env = {**os.environ, "PYTHONUNBUFFERED": "1", SHOWN: "1"}  # Django shows warnings before `up` begins
    if not settings.HAS_PUBLIC_URL:
        env["PUBLIC_URL"] = base_url(address, port)  # where links in mail lead
    if workers is not None:
        env["GENERATION_WORKERS"] = str(workers)
    web = Part("web", web_command(address, port, finish_within=WEB_GRACE), lambda part: web_answers(address, port))
    worker = Part("worker", ["manage.py", "worker"], is_worker_ready)
    if not settings.EMBEDDED:
        return [web, worker], env
    model_port = free_port(MODEL_HOST)
    env["LOCAL_MODEL_URL"] = settings.LOCAL_MODEL_URL = f"http://{MODEL_HOST}:{model_port}/v1"
    command = ["manage.py", "local_model", "--port", str(model_port)]
    model = Part("model", command, lambda part: http_status(MODEL_HOST, model_port, "/health") == 200, stops_last=True)
    return [model, web, worker], env


def is_worker_ready(part: Part) -> bool:
    """Whether it writes, or waits for another host, which takes as long as it takes."""
    return any(said in line for line in part.lines for said in (WORKER_READY, WORKER_WAITS))


def web_answers(address: str, port: int) -> bool:
    """Whether the web server answers: a redirect to https or a rejected host name is an answer too."""
    status = http_status(reachable(address), port, "/healthz")
    return status is not None and status < 500


def http_status(host: str, port: int, path: str) -> int | None:
    """Return the status of a GET, or None without an answer within 2 seconds."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
