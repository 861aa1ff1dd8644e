"""A scratch copy of the project and a running `manage.py up` in it."""

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


def up_fails(scratch: Path, *options: str, **env: str) -> str:
    """Run `up`, which must fail before it starts anything, and return its one line on standard error."""
    run = subprocess.run(
        command(*(options or ("--port", str(free_port("127.0.0.1"))))),
        cwd=scratch,
        env=clean_env(**env),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 1
    assert "worker" not in run.stdout
    [line] = run.stderr.splitlines()
    return line


class Running:
    """A running `manage.py up` and its log."""

    def __init__(self, scratch: Path, **env: str) -> None:
        self.port, self.mark, self.path = free_port("127.0.0.1"), uuid.uuid4().hex, scratch / "up.log"
        with self.path.open("w") as log:
            self.process = subprocess.Popen(
                command("--port", str(self.port)),
                cwd=scratch,
                env=clean_env(MARK=self.mark, **env),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def log(self) -> str:
        return self.path.read_text()

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + 90
        while text not in self.log:
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.1)

    def family(self) -> list[psutil.Process]:
        """Every process that inherited our mark, wherever it went."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("MARK") == self.mark and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def ask(self, path: str, body: dict[str, Any] | None = None, token: str = "") -> Any:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v1/{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{error.read()!r}\n{self.log}") from error

    def statuses_until_done(self, post: int) -> tuple[list[str], dict[str, Any]]:
        """Poll a post until it is completed or failed; return the statuses it went through, and its last form."""
        seen: list[str] = []
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            blog: dict[str, Any] = self.ask(f"blogs/{post}")["blog"]
            if blog["status"] not in seen:
                seen.append(blog["status"])
            if blog["status"] in ("completed", "failed"):
                return seen, blog
            time.sleep(0.05)
        raise AssertionError(self.log)
