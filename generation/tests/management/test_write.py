"""`manage.py write` as somebody types it who wants one post now."""

import os
import pty
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from generation.writer.checks.gate import gate

ROOT = Path(__file__).resolve().parents[3]
TITLE = "Growing tomatoes on a balcony"
NOTES = "choose compact varieties; water in the morning; pinch out side shoots"


def run(*args: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("write", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_post_comes_out_as_markdown_and_the_account_beside_it(model_server: Any) -> None:
    markdown, account = run(TITLE, "--notes", NOTES)

    assert markdown.startswith(f"# {TITLE}")
    assert gate(TITLE, NOTES, markdown.partition("\n")[2])["failed"] == []
    assert "words by gpt-4o-mini in" in account
    assert "It passes all checks." in account


def test_a_post_can_go_to_a_file(model_server: Any, tmp_path: Path) -> None:
    out, _ = run(TITLE, "--out", str(tmp_path / "post.md"))

    assert out == ""
    assert (tmp_path / "post.md").read_text().startswith(f"# {TITLE}")


def test_a_file_that_exists_is_left_alone_and_nothing_is_paid(model_server: Any, tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("mine")

    with pytest.raises(CommandError, match="File exists"):
        run(TITLE, "--out", str(tmp_path / "post.md"))

    assert (tmp_path / "post.md").read_text() == "mine"
    assert model_server.calls == []


def test_a_failure_says_what_to_do_and_leaves_no_file(model_server: Any, tmp_path: Path) -> None:
    model_server.always(replace(model_server.script.standing, status=401))

    with pytest.raises(CommandError, match=r"rejected the request.*Check OPENAI_API_KEY"):
        run(TITLE, "--out", str(tmp_path / "post.md"))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        ([" "], "The title is empty."),
        (["x" * 256], "The title has 256 characters; 255 are the most."),
        ([TITLE, "--notes", "x" * 20_001], "The notes have 20001 characters"),
        ([TITLE, "--out", "/nowhere/post.md"], "Cannot write /nowhere/post.md: No such file or directory."),
        ([], "the following arguments are required: title"),
    ],
)
def test_a_wrong_argument_is_a_clear_error_before_any_call(model_server: Any, args: list[str], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        run(*args)
    assert model_server.calls == []


def test_the_embedded_model_that_cannot_start_is_a_clear_error(settings: Settings, tmp_path: Path) -> None:
    settings.LOCAL_MODEL_URL, settings.BASE_DIR = "http://127.0.0.1:9/v1", tmp_path

    with pytest.raises(CommandError, match="The embedded model did not get ready"):
        run(TITLE)


def test_on_a_terminal_one_bar_shows_the_stages(model_server: Any) -> None:
    model_server.always(replace(model_server.script.standing, delay=0.3))
    master, terminal = pty.openpty()
    environment = os.environ | {"OPENAI_BASE_URL": model_server.url, "TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen(
        [sys.executable, "manage.py", "write", TITLE],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
    ) as process:
        markdown, _ = process.communicate(timeout=60)
    os.close(terminal)
    shown = os.read(master, 100_000).decode()
    os.close(master)

    assert markdown.startswith(f"# {TITLE}")
    assert "Planning" in shown
    assert "Writing" in shown
    assert shown.count("\n") < 5  # redrawn in its line
