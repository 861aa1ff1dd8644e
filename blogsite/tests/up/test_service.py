import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from blogsite.conf.variables import MISSPELT
from blogsite.testing.model_server import ModelServer
from blogsite.testing.up_process import ROOT, UpProcess, copy_project
from blogsite.up.service import EXITED, LAST_LINES, Part, is_worker_ready
from blogsite.up.welcome import COMMANDS
from generation.worker.waiting import WORKER_WAITS

pytestmark = [pytest.mark.process, pytest.mark.own_database]
Up = Callable[..., UpProcess]
UNUSED = "http://127.0.0.1:9/v1"  # a compatible server that gets no request
READY = "/admin/"  # in the welcome, which comes when everything is ready


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    """Return a function that runs `up` with these variables: in the project, but with files of the test's own."""
    started: list[UpProcess] = []
    own_files = {"ENV_FILE": str(tmp_path / ".env"), "DATABASE_URL": f"sqlite:///{tmp_path / 'up.sqlite3'}"}

    def start(project: Path = ROOT, **env: str) -> UpProcess:
        started.append(UpProcess(project, tmp_path / "up.log", **(own_files if project == ROOT else {}), **env))
        return started[-1]

    yield start
    for running in started:
        running.kill()


def test_a_new_clone_writes_a_post_with_the_embedded_model(up: Up, tmp_path: Path) -> None:
    running = up(copy_project(tmp_path))
    running.wait_for(READY)
    me = {"email": "me@example.com", "password": "tulips-in-the-rain"}
    running.request("register", me)
    token = running.request("login", me)["access_token"]
    brief = {
        "title": "Growing tomatoes on a balcony",
        "content": "choose big pots; the roots need room; water in the morning; give them shade at noon",
    }
    blog = running.request("blogs", brief, token)["blog"]
    assert (blog["status"], blog["content"]) == ("pending", "")
    seen, post = running.wait_until_written(blog["id"])
    assert seen[-1] == "completed"
    assert set(seen) <= {"pending", "in_progress", "completed"}
    assert post["content"] == (
        "Growing tomatoes on a balcony, in three steps:\n\n"
        "1. Choose big pots. The roots need room.\n2. Water in the morning.\n3. Give them shade at noon."
    )

    running.process.terminate()
    assert running.process.wait(10) == 0
    assert running.processes() == []
    assert not [word for word in ("Traceback", "WARNING") if word in running.log]


@pytest.mark.skipif(not shutil.which("curl"), reason="missing: curl")
def test_the_printed_commands_get_a_post_from_a_compatible_server(up: Up) -> None:
    first, last = COMMANDS.splitlines()[0].split()[0], COMMANDS.splitlines()[-1]
    with ModelServer() as server:
        running = up(OPENAI_BASE_URL=server.url, OPENAI_API_KEY="k", OPENAI_MODEL="their-model")
        running.wait_for(f"{last}\n")
        assert f"their-model at 127.0.0.1:{server.port}" in running.log
        assert "model  |" not in running.log
        commands = first + running.log.partition(f"\n{first}")[2].partition(last)[0] + last
        shown = subprocess.run(["sh", "-c", commands], capture_output=True, text=True, timeout=60)
        assert json.loads(shown.stdout.splitlines()[-1])["blog"]["title"] == "Growing tomatoes on a balcony"
        _, post = running.wait_until_written(1)
        assert post["status"] == "completed"
        assert {call.key for call in server.calls} == {"k"}

        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(10) == 0
        assert running.processes() == []
        assert "Traceback" not in running.log


def test_when_a_part_exits_all_stop_and_the_error_says_which_and_why(up: Up) -> None:
    running = up(OPENAI_BASE_URL=UNUSED)
    running.wait_for(READY)
    [web] = [child for child in psutil.Process(running.process.pid).children() if "blogsite.up.web" in child.cmdline()]
    for worker in web.children():
        worker.kill()
    assert running.process.wait(15) == 1
    assert f"CommandError: {EXITED.format(name='web', code=1)}" in running.log
    assert "Unexpected exit from worker-1" in running.log.partition(LAST_LINES)[2]
    assert running.processes() == []


def test_a_misspelt_variable_is_named_once_by_up_and_not_again_by_its_parts(up: Up) -> None:
    running = up(OPENAI_BASE_URL=UNUSED, THROTTLE_LOGN="5/minute")
    running.wait_for(READY)
    assert running.log.count(MISSPELT.format(name="THROTTLE_LOGN", meant="THROTTLE_LOGIN")) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent ended")
def test_nothing_outlives_up_itself(up: Up) -> None:
    running = up(OPENAI_BASE_URL=UNUSED)
    running.wait_for(READY)
    processes = running.processes()
    assert len(processes) > 5
    running.process.kill()
    assert psutil.wait_procs(processes, timeout=15)[1] == []
    assert running.processes() == []


def test_a_worker_that_waits_for_another_host_holds_nothing_else_up() -> None:
    worker = Part("worker", ["manage.py", "worker"], is_worker_ready)
    assert not worker.is_ready(worker)

    worker.lines.add(f"WARNING blogsite.generation {WORKER_WAITS}: another host")

    assert worker.is_ready(worker)
