import json
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from blogsite.testing.model_server import ModelServer
from blogsite.testing.project_copy import Running, copy_project
from blogsite.up.welcome import host_hint

if TYPE_CHECKING:
    from pytest_django import Settings

NOBODY = "http://127.0.0.1:9/v1"  # a compatible server that is never asked


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    scratch = copy_project(tmp_path)
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
    assert not [word for word in ("Traceback", "WARNING") if word in running.log]


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
