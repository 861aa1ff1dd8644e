"""The service as real processes: database, web server, workers, and a model server on loopback."""

import json
import os
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from blogsite.benchmarks.harness.postgres import PostgresServer
from blogsite.testing.disks import small_disk
from generation.processes.child import ChildProcess
from generation.processes.ports import free_port

HOST = "127.0.0.1"
PROJECT = Path(__file__).resolve().parents[3]
READY_WITHIN = 60.0  # seconds
# One user sends everything.
NO_LIMITS = {"POSTS_USER_DAY": "off", "BUDGET_USER_DAY": "off", "BUDGET_SITE_DAY": "off", "QUEUE_USER_LIMIT": "50000"}


@contextmanager
def scratch_database(kind: str, disk_mb: int = 0) -> Iterator[tuple[Path, str, PostgresServer | None]]:
    """Yield a scratch directory, the URL of an empty database in it, and the server if it is PostgreSQL.

    Args:
        kind: `sqlite` or `postgresql`.
        disk_mb: size of a disk for the directory; 0 for none of its own.
    """
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="blogsite-trial-")))
        if disk_mb:
            stack.enter_context(small_disk(scratch, disk_mb))
        if kind == "sqlite":
            yield scratch, f"sqlite:///{scratch / 'trial.sqlite3'}", None
        else:
            server = stack.enter_context(PostgresServer(scratch))
            yield scratch, server.url, server


def use_database(url: str, settings: Mapping[str, str]) -> None:
    """Give this process the deployment's database and settings; to be called before Django is used."""
    os.environ.update(environment(url, settings))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def environment(url: str, settings: Mapping[str, str]) -> dict[str, str]:
    key = os.environ.get("SECRET_KEY") or "for-a-trial-only-" + os.urandom(32).hex()
    os.environ["SECRET_KEY"] = key
    fixed = {"ENV_FILE": os.devnull, "HTTPS": "false", "DATABASE_URL": url, "OPENAI_API_KEY": "trial"}
    fixed |= {"PYTHONUNBUFFERED": "1", "GENERATION_VERIFY": "off"}  # calls a post are as they always were measured
    return fixed | NO_LIMITS | dict(settings)


class ModelServerProcess:
    """The loopback model server in a process of its own, controlled over HTTP."""

    def __init__(self, delay: float) -> None:
        self.port = free_port(HOST)
        self.delay = delay
        self.start()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/v1"

    def start(self) -> None:
        command = [sys.executable, "-m", "blogsite.testing.model_server", "--port", str(self.port)]
        self.process = ChildProcess([*command, "--delay", str(self.delay)], on_line=lambda line: None, cwd=PROJECT)
        self.process.start()
        wait_for(lambda: any("ready" in line for line in self.process.last_lines), "the model server")

    def control(self, **order: Any) -> None:
        body = json.dumps(order).encode()
        request = urllib.request.Request(f"http://{HOST}:{self.port}/control", body)
        request.add_header("Content-Type", "application/json")
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310

    def calls(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"http://{HOST}:{self.port}/calls", timeout=30) as answer:
            calls: list[dict[str, Any]] = json.load(answer)["calls"]
            return calls


@dataclass(frozen=True)
class Host:
    """Another host, as far as one machine can play it.

    Args:
        name: its name, if this process may give one (as root).
        database_url: by which it reaches the database; empty for the usual one.
        settings: environment variables of its processes.
    """

    name: str
    database_url: str
    settings: Mapping[str, str]

    @property
    def command(self) -> list[str]:
        """What runs a command under the host's name."""
        if os.getuid() != 0:
            return []
        return ["unshare", "--uts", "sh", "-c", f'hostname {self.name} && exec "$@"', "sh"]


class Deployment:
    """Web server, workers and model server on one database; a context manager that stops them all.

    Args:
        url: the database.
        log: the file that gets all output of web server and workers, each line with its time.
        settings: environment variables in addition to those of a plain deployment.
        delay: seconds that the model takes for a call.
        worker_command: the `manage.py` command that writes posts.
        web_settings: environment variables of the web server alone.
    """

    def __init__(
        self,
        url: str,
        log: Path,
        settings: Mapping[str, str],
        delay: float,
        worker_command: str = "worker",
        web_settings: Mapping[str, str] | None = None,
    ) -> None:
        self.database_url, self.log_path, self.settings = url, log, dict(settings)
        self.web_settings = dict(web_settings or {})
        self.delay, self.worker_command = delay, worker_command
        self.workers: list[ChildProcess] = []
        self.port = free_port(HOST)

    @property
    def api(self) -> str:
        return f"http://{HOST}:{self.port}/api/v1"

    @property
    def is_by_the_book(self) -> bool:
        """Whether its workers are Django-Q2's own."""
        return self.worker_command != "worker"

    def __enter__(self) -> Self:
        self.log = self.log_path.open("a", encoding="utf-8")
        self.model = ModelServerProcess(self.delay)
        self.start_web()
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self.workers, self.web, self.model.process):
            process.end(grace=8)
        self.log.close()

    def log_line(self, line: str) -> None:
        if not self.log.closed:
            self.log.write(f"{time.time():.3f} {line}\n")
            self.log.flush()

    def start_child(
        self, *arguments: str, host: Host | None = None, more: Mapping[str, str] | None = None
    ) -> ChildProcess:
        url = (host and host.database_url) or self.database_url
        env = os.environ | environment(url, self.settings) | {"OPENAI_BASE_URL": self.model.url} | dict(more or {})
        command = [*(host.command if host else ()), sys.executable, *arguments]
        process = ChildProcess(command, on_line=self.log_line, env=env, cwd=PROJECT)
        process.start()
        return process

    def start_web(self) -> None:
        options = ["--interface", "wsgi", "--blocking-threads", "16", "--host", HOST, "--port", str(self.port)]
        self.web = self.start_child(
            "-m", "granian", *options, "--log-level", "warning", "blogsite.wsgi:application", more=self.web_settings
        )
        wait_for(self.answers, "the web server")

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://{HOST}:{self.port}/healthz", timeout=2).close()
        except OSError:
            return False
        return True

    def start_worker(self, host: Host | None = None) -> ChildProcess:
        """Start a worker, on another host if one is given."""
        from generation.worker.supervisor import WORKER_READY

        more = host.settings if host else {}
        worker = self.start_child("manage.py", self.worker_command, host=host, more=more)
        self.workers.append(worker)
        if not self.is_by_the_book:
            wait_for(lambda: any(WORKER_READY in line for line in worker.last_lines), "the worker")
        return worker


def wait_for(condition: Callable[[], object], what: str, within: float = READY_WITHIN) -> None:
    """Return when `condition()` is true.

    Raises:
        TimeoutError: it was not within `within` seconds.
    """
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} was not ready within {within:.0f} s")
        time.sleep(0.05)
