import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from generation.processes.child import ChildProcess, session_members

pytestmark = [pytest.mark.process, pytest.mark.own_database]
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux signals a process that its parent ended")
Start = Callable[..., ChildProcess]

SAY_AND_WAIT = "print('ready', flush=True); import time; time.sleep(60)"
IGNORE_SIGTERM = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SAY_AND_WAIT
WITH_ORPHAN = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {IGNORE_SIGTERM!r}], process_group=0)
import time; time.sleep(60)
"""


@pytest.fixture
def lines() -> "queue.Queue[str]":
    return queue.Queue()


@pytest.fixture
def start(lines: "queue.Queue[str]") -> Iterator[Start]:
    started = []

    def start(code: str, **options: dict[str, str]) -> ChildProcess:
        child = ChildProcess([sys.executable, "-c", code], on_line=lines.put, **options)  # type: ignore[arg-type]
        child.start()
        started.append(child)
        return child

    yield start
    for child in started:
        child.end(0)


def test_output_is_passed_on_line_by_line_and_the_last_lines_are_kept(start: Start, lines: "queue.Queue[str]") -> None:
    code = "import sys, os; print(os.environ['WORD'], flush=True); sys.stderr.buffer.write(b'caf\\xff\\n'); sys.exit(3)"
    child = start(code, env={**os.environ, "WORD": "hello"})
    assert [lines.get(timeout=10), lines.get(timeout=10)] == ["hello", "caf\ufffd"]
    wait_for_its_own_end(child)
    child.end(5)
    assert list(child.last_lines) == ["hello", "caf\ufffd"]
    assert (child.alive, child.exit_code) == (False, 3)


def test_it_ends_on_sigterm(start: Start, lines: "queue.Queue[str]") -> None:
    child = start(SAY_AND_WAIT)
    assert lines.get(timeout=10) == "ready"
    assert (child.alive, child.exit_code) == (True, None)
    child.end(10)
    assert (child.alive, child.exit_code) == (False, -signal.SIGTERM)


def test_it_is_killed_when_its_grace_is_over(start: Start, lines: "queue.Queue[str]") -> None:
    child = start(IGNORE_SIGTERM)
    assert lines.get(timeout=10) == "ready"
    child.end(0.2)
    assert child.exit_code == -signal.SIGKILL


def wait_for_its_own_end(child: ChildProcess) -> None:
    deadline = time.monotonic() + 10
    while child.alive:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("main_is_dead", [False, True])
def test_nothing_of_its_session_is_left_not_even_an_orphan_in_a_group_of_its_own(
    start: Start, lines: "queue.Queue[str]", main_is_dead: bool
) -> None:
    child = start(WITH_ORPHAN)
    assert lines.get(timeout=10) == "ready"
    family = [psutil.Process(pid) for pid in session_members(child.pid)]
    assert len(family) == 2
    if main_is_dead:
        os.kill(child.pid, signal.SIGKILL)
        wait_for_its_own_end(child)
    child.end(5)
    assert psutil.wait_procs(family, timeout=5)[1] == []
    assert session_members(child.pid) == []


def test_a_command_that_is_not_there_says_so(lines: "queue.Queue[str]") -> None:
    child = ChildProcess(["./no-such-command"], on_line=lines.put)
    child.start()
    assert lines.get(timeout=10) == "./no-such-command: No such file or directory"
    wait_for_its_own_end(child)
    child.end(5)
    assert child.exit_code == 127


@linux
def test_it_ends_with_its_parent() -> None:
    code = f"""
import sys, time
from generation.processes.child import ChildProcess
child = ChildProcess([sys.executable, "-c", {SAY_AND_WAIT!r}], on_line=lambda line: print(line, flush=True))
child.start()
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        [child] = psutil.Process(parent.pid).children()
        parent.kill()
        assert psutil.wait_procs([child], timeout=5)[1] == []
