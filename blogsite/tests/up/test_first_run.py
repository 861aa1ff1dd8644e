import re
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from blogsite.testing.project_copy import clean_env, command, copy_project, up_fails


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


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
