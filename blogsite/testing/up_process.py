"""`manage.py up` as a process, in the project itself or in a copy of it."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import psutil

from generation.processes.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "blogs", "generation", "blogsite")
READY_WITHIN, WRITTEN_WITHIN = 90, 180  # seconds that a busy machine may take


def copy_project(to: Path) -> Path:
    """Copy the project as a clone has it, without anything that earlier runs made, and return `to`."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, to / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", to)
    return to


def command(*options: str) -> list[str]:
    return [sys.executable, "manage.py", "up", *options]


def clean_env(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **more}


def up_error(project: Path, **env: str) -> str:
    """Run `up`, which must fail before it starts anything, and return its one line on standard error."""
    run = subprocess.run(
        command("--port", str(free_port("127.0.0.1"))),
        cwd=project,
        env=clean_env(**env),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 1
    assert "worker" not in run.stdout
    [line] = run.stderr.splitlines()
    return line


class UpProcess:
    """A running `manage.py up`.

    Args:
        project: the directory of its manage.py.
        log: the file that gets its output.
        env: its environment variables.
    """

    def __init__(self, project: Path, log: Path, **env: str) -> None:
        self.port, self.mark, self.log_path = free_port("127.0.0.1"), uuid.uuid4().hex, log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                command("--port", str(self.port)),
                cwd=project,
                env=clean_env(MARK=self.mark, **env),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    def wait_for(self, text: str) -> None:
        """Return when the log contains `text`; fail if it does not in time or the process exits."""
        deadline = time.monotonic() + READY_WITHIN
        while text not in self.log:
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    def processes(self) -> list[psutil.Process]:
        """Return every process that inherited our mark, whatever its parent is now."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("MARK") == self.mark and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        for process in self.processes():
            process.kill()

    def request(self, path: str, body: dict[str, Any] | None = None, token: str = "") -> Any:
        """Return the JSON of an API answer; a POST if there is a body, a GET otherwise."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v1/{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{error.read()!r}\n{self.log}") from error

    def wait_until_written(self, post: int) -> tuple[list[str], dict[str, Any]]:
        """Poll a post until it is completed or failed; return the statuses it went through and the post."""
        seen: list[str] = []
        deadline = time.monotonic() + WRITTEN_WITHIN
        while time.monotonic() < deadline:
            blog: dict[str, Any] = self.request(f"blogs/{post}")["blog"]
            if blog["status"] not in seen:
                seen.append(blog["status"])
            if blog["status"] in ("completed", "failed"):
                return seen, blog
            time.sleep(0.05)
        raise AssertionError(self.log)
