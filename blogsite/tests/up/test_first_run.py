import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from blogsite.conf.environment import KINDS, WRONG_KIND
from blogsite.conf.variables import NOT_UTF_8
from blogsite.testing.up_process import clean_env, command, copy_project, up_error
from blogsite.up.first_run import DEPLOYMENT, GENERATED, NOT_WRITABLE, PLAIN_HTTP, TRIAL, prepare_environment

pytestmark = [pytest.mark.process, pytest.mark.own_database]
# Found in the settings after the key, so that `up` ends at once.
STOP = {"ALGORITHM": "none"}
KEY = r"SECRET_KEY=[\w-]{50,}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


def run_once(project: Path) -> str:
    run = subprocess.run(command(), cwd=project, env=clean_env(**STOP), capture_output=True, text=True)
    assert "ALGORITHM" in run.stderr
    return run.stdout


def test_the_first_run_generates_a_key_and_the_second_keeps_it(project: Path) -> None:
    env_file = project / ".env"
    env_file.write_text("# mine\nSECRET_KEY=\nOPENAI_MODEL=gpt-4o")
    first, text, second = run_once(project), env_file.read_text(), run_once(project)
    assert re.fullmatch(rf"# mine\nOPENAI_MODEL=gpt-4o\n{KEY}{re.escape(PLAIN_HTTP)}\n", text)
    assert env_file.read_text() == text
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    assert [path.name for path in project.glob(".env*")] == [".env"]
    assert first == GENERATED.format(path=env_file) + "\n"
    assert second == ""


def test_the_first_run_leaves_https_as_it_is_set(project: Path) -> None:
    up_error(project, HTTPS="true", **STOP)
    assert re.fullmatch(KEY, (project / ".env").read_text())


def test_a_key_in_the_process_environment_is_used_and_no_file_made(project: Path) -> None:
    assert "ALGORITHM" in up_error(project, SECRET_KEY="from elsewhere, " + "0123456789" * 4, **STOP)
    assert not (project / ".env").exists()


@pytest.mark.parametrize(
    ("variables", "is_trial"),
    [({}, True), ({"HTTPS": "true"}, False), ({"ALLOWED_HOSTS": "blog.example"}, False), ({"DEBUG": "no"}, False)],
)
def test_with_a_key_alone_nothing_is_redirected_to_where_nobody_listens(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], is_trial: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "environ", {"SECRET_KEY": "k" * 40, "ENV_FILE": os.devnull, **variables})

    prepare_environment()

    assert os.environ.get("HTTPS") == ("false" if is_trial else variables.get("HTTPS"))
    assert (TRIAL in capsys.readouterr().out) == is_trial


def test_help_needs_no_key_and_generates_none(project: Path) -> None:
    run = subprocess.run(command("--help"), cwd=project, env=clean_env(), capture_output=True, text=True)
    assert run.returncode == 0
    assert "--workers" in run.stdout
    assert not (project / ".env").exists()


def test_a_deployment_without_a_key_is_rejected(project: Path) -> None:
    assert up_error(project, DEBUG="False") == DEPLOYMENT.format(debug="False")
    assert not (project / ".env").exists()


def test_an_env_file_that_cannot_be_written_is_one_line(project: Path) -> None:
    missing = project / "nowhere" / ".env"
    line = up_error(project, ENV_FILE=str(missing))
    assert line == NOT_WRITABLE.format(path=missing, reason="No such file or directory")
    line = up_error(project, ENV_FILE="/dev/null")
    assert line == NOT_WRITABLE.format(path="/dev/null", reason="not a regular file")
    assert Path("/dev/null").is_char_device()


def test_a_file_that_cannot_be_read_and_a_word_that_is_none_are_one_line_and_change_nothing(project: Path) -> None:
    (project / ".env").write_bytes(b"EMAIL_FROM=Gr\xfc\xdfe")
    assert up_error(project) == NOT_UTF_8.format(path=project / ".env")
    (project / ".env").unlink()
    assert up_error(project, DEBUG="ture") == WRONG_KIND.format(var="DEBUG", kind=KINDS[bool], value="ture")
    assert not (project / ".env").exists()
