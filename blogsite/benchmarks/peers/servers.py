"""One web server process on one core, the product's or a peer's: granian, with the same options for all."""

import importlib.util
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from blogsite.benchmarks.harness.deployment import HOST, PROJECT, environment, wait_for
from blogsite.benchmarks.harness.http_load import CORES, LoadFailed, leave_server_core
from generation.processes.child import ChildProcess
from generation.processes.ports import free_port

PEERS = "blogsite.benchmarks.peers"
# Off for the benchmarks: one user and one IP address send everything.
NO_THROTTLES = {"THROTTLE_REGISTER": "off", "THROTTLE_LOGIN": "off", "THROTTLE_CREATE": "off", "THROTTLE_EDIT": "off"}
COMMON = ["--workers", "1", "--no-ws", "--no-access-log", "--log-level", "warning", "--host", HOST]
WSGI = ["--interface", "wsgi", "--blocking-threads", "16"]
ASGI = ["--interface", "asgi"]
GRACE = 5.0  # seconds


def check_packages() -> None:
    """Check that the peers can run.

    Raises:
        LoadFailed: their packages are missing.
    """
    if not all(importlib.util.find_spec(name) for name in ("fastapi", "sqlalchemy")):
        raise LoadFailed("missing: requirements-bench.txt; install it with `pip install -r requirements-bench.txt`.")


class Fleet:
    """Starts servers that are all stopped together; a context manager.

    Args:
        log: the file that gets the servers' output.
    """

    def __init__(self, log: Path) -> None:
        self.log_path = log

    def __enter__(self) -> "Fleet":
        leave_server_core()
        self.stack = ExitStack()
        self.log = self.stack.enter_context(self.log_path.open("a", encoding="utf-8"))
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def log_line(self, line: str) -> None:
        if not self.log.closed:
            self.log.write(line + "\n")
            self.log.flush()

    def start(self, command: list[str], env: Mapping[str, str]) -> ChildProcess:
        process = ChildProcess(command, on_line=self.log_line, env={**os.environ, **env}, cwd=PROJECT)
        process.start()
        self.stack.callback(process.end, GRACE)
        return process

    def serve(self, application: str, database: str, interface: list[str], **variables: str) -> tuple[int, str]:
        """Serve an application on the server's core; return its process id and URL.

        Args:
            application: its module and name.
            database: URL of its database.
            interface: granian's options for its kind.
            variables: further environment variables.
        """
        port = free_port(HOST)
        command = [sys.executable, "-m", "granian", *interface, *COMMON, "--port", str(port), application]
        env = environment(database, NO_THROTTLES | variables)
        process = self.start(["taskset", "-c", str(CORES[0]), *command], env)
        url = f"http://{HOST}:{port}"
        wait_for(lambda: answers(url) or not process.alive, application)
        if not process.alive:
            raise LoadFailed("\n  ".join([f"{application} exited:", *process.last_lines]))
        return process.pid, url

    def serve_django(self, settings: str, database: str, **variables: str) -> tuple[int, str]:
        """Serve Django with the peers' settings of that name, or with the product's if it is empty."""
        module = f"{PEERS}.{settings}" if settings else "blogsite.settings"
        return self.serve("blogsite.wsgi:application", database, WSGI, DJANGO_SETTINGS_MODULE=module, **variables)


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/", timeout=2).close()  # noqa: S310
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
