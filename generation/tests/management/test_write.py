"""`manage.py write` as an operator types it."""

import os
import pty
import re
import stat
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from blogs.models.visible import INVISIBLE_BRIEF, NO_VISIBLE_TITLE
from generation.costs import Price
from generation.failures import FailureCode
from generation.llm.embedded_process import NOT_READY
from generation.management.commands.write import CANNOT_WRITE, NO_TITLE, TOO_LONG
from generation.management.outcome import COST_UNKNOWN, SANE
from generation.prices.table import store
from generation.writer.checks.gate import gate

ROOT = Path(__file__).resolve().parents[3]
TITLE = "Growing tomatoes on a balcony"
NOTES = "choose compact varieties; water in the morning; pinch out side shoots"


def run(*args: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("write", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_post_is_printed_as_markdown_and_the_summary_beside_it(model_server: Any) -> None:
    markdown, summary = run(TITLE, "--notes", NOTES)

    assert markdown.startswith(f"# {TITLE}")
    assert gate(TITLE, NOTES, markdown.partition("\n")[2])["failed"] == []
    assert "words by gpt-4o-mini in" in summary
    assert SANE in summary


def test_the_summary_says_what_the_post_cost(model_server: Any) -> None:
    assert re.search(r"words by gpt-4o-mini in \d+ s, \$0\.\d{4}\.", run(TITLE)[1])


@pytest.mark.django_db
def test_the_cost_is_unknown_if_another_model_answered_and_known_once_its_price_is_stored(model_server: Any) -> None:
    model_server.always(replace(model_server.script.standing, model="qwen2.5"))
    assert COST_UNKNOWN in run(TITLE)[1]

    store({"qwen2.5": Price.read((1, 1, 1), "test")})
    assert re.search(r"\$0\.\d{4}\.", run(TITLE)[1])


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

    with pytest.raises(CommandError, match=f"HTTP 401.*{re.escape(FailureCode.PROVIDER_REJECTED.advice)}"):
        run(TITLE, "--out", str(tmp_path / "post.md"))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        ([" "], NO_TITLE),
        (["x" * 256], TOO_LONG.format(name="title", length=256, limit=255)),
        ([TITLE, "--notes", "x" * 20_001], TOO_LONG.format(name="notes", length=20_001, limit=20_000)),
        (
            [TITLE, "--out", "/nowhere/post.md"],
            CANNOT_WRITE.format(path="/nowhere/post.md", reason="No such file or directory"),
        ),
        ([], "the following arguments are required: title"),
    ],
)
def test_a_wrong_argument_is_a_clear_error_before_any_call(model_server: Any, args: list[str], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        run(*args)
    assert model_server.calls == []


def test_an_embedded_model_that_cannot_start_is_a_clear_error(settings: Settings, tmp_path: Path) -> None:
    settings.LOCAL_MODEL_URL, settings.BASE_DIR = "http://127.0.0.1:9/v1", tmp_path

    with pytest.raises(CommandError, match=NOT_READY.partition("{")[0]):
        run(TITLE)


def read_to_end(terminal: int) -> str:
    """Return everything that is written to a terminal until its other side is closed."""
    output = b""
    with suppress(OSError):  # Linux ends a terminal with an error
        while data := os.read(terminal, 65536):
            output += data
    os.close(terminal)
    return output.decode()


@pytest.mark.process
def test_on_a_terminal_one_bar_shows_the_stages(model_server: Any) -> None:
    model_server.always(replace(model_server.script.standing, delay=0.2))
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
        os.close(terminal)
        shown = read_to_end(master)
        assert process.stdout is not None
        markdown = process.stdout.read()

    assert markdown.startswith(f"# {TITLE}")
    assert "Planning" in shown
    assert "Writing" in shown
    assert shown.count("\n") < 5  # redrawn in its line


@pytest.mark.parametrize(
    ("title", "notes", "message"),
    [("\u200b", NOTES, NO_VISIBLE_TITLE), (TITLE, "\u200b", INVISIBLE_BRIEF)],
)
def test_what_cannot_be_seen_is_refused_before_anything_is_paid(
    model_server: Any, tmp_path: Path, title: str, notes: str, message: str
) -> None:
    with pytest.raises(CommandError, match=re.escape(message)):
        run(title, "--notes", notes, "--out", str(tmp_path / "post.md"))

    assert list(tmp_path.iterdir()) == model_server.calls == []


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_the_file_is_for_its_owner_only(model_server: Any, tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        run(TITLE, "--out", str(tmp_path / "post.md"))
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "post.md").stat().st_mode) == 0o600
