"""`manage.py doctor` as an operator types it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from generation.models import Generation, WorkerSeen
from generation.tests.baker_recipes import waiting

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.django_db


class Disk(NamedTuple):
    total: int
    used: int
    free: int


def run() -> tuple[str, str]:
    """Return what the doctor said, and the error it ended with."""
    out = StringIO()
    try:
        call_command("doctor", stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def lines(said: str, state: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith(state)]


@pytest.fixture
def healthy(model_server: Any) -> Any:
    WorkerSeen.objects.create(name="host/1:2", seen_at=timezone.now())
    return model_server


def test_a_healthy_service_is_told_so_in_every_part(healthy: Any) -> None:
    said, error = run()

    assert error == ""
    assert {line.split()[1] for line in lines(said, "fine")} == set(
        "key endpoint model database queue worker clock disk settings".split()
    )
    assert lines(said, "odd") == lines(said, "broken") == []
    assert "gpt-4o-mini answered" in said
    assert len(healthy.calls) == 1
    assert "test-key" not in said


def spaced_key(server: Any, settings: Settings) -> None:
    settings.OPENAI_API_KEY = "two words"


def no_address(server: Any, settings: Settings) -> None:
    settings.OPENAI_BASE_URL = "models.example.com"


def refused(server: Any, settings: Settings) -> None:
    server.always(replace(server.script.standing, status=401))


def full_queue(server: Any, settings: Settings) -> None:
    settings.GENERATION_QUEUE_LIMIT = 1
    waiting.make()


def nobody_works(server: Any, settings: Settings) -> None:
    WorkerSeen.objects.update(seen_at=timezone.now() - timedelta(minutes=1))
    waiting.make()


def old_clock(server: Any, settings: Settings) -> None:
    settings.MODEL_PRICES_DATE = "2999-01-01"


def early_retry(server: Any, settings: Settings) -> None:
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"retry": 60}


def public_debug(server: Any, settings: Settings) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = True, ["blog.example.com"]


@pytest.mark.parametrize(
    ("harm", "subject", "sentence", "mend"),
    [
        (spaced_key, "key", "holds a space", "Copy OPENAI_API_KEY again"),
        (no_address, "endpoint", "is no address", "https://models.example.com/v1"),
        (refused, "model", "rejected the request", "Check OPENAI_API_KEY"),
        (full_queue, "queue", "It is full with 1 posts", "Start more workers"),
        (nobody_works, "worker", "1 posts wait, and no worker", "Run `manage.py worker`"),
        (old_clock, "clock", "before this program was made", "timedatectl"),
        (early_retry, "settings", "would hand out tasks that still run", "Q_CLUSTER['retry'] must be more than"),
        (public_debug, "settings", "DEBUG is on for blog.example.com", "Set DEBUG=false."),
    ],
)
def test_what_is_broken_is_named_with_its_mend_and_an_exit_code(
    healthy: Any, settings: Settings, harm: Callable[[Any, Settings], None], subject: str, sentence: str, mend: str
) -> None:
    harm(healthy, settings)

    said, error = run()

    assert error.endswith("broken.")
    [line] = [line for line in lines(said, "broken") if sentence in line]
    assert line.split()[1] == subject
    assert mend in said


def without_key(server: Any, settings: Settings) -> None:
    settings.OPENAI_API_KEY = ""


def without_price(server: Any, settings: Settings) -> None:
    settings.OPENAI_MODEL = "unheard-of"


def idle(server: Any, settings: Settings) -> None:
    WorkerSeen.objects.all().delete()


def long_wait(server: Any, settings: Settings) -> None:
    Generation.objects.filter(pk=waiting.make().pk).update(created_at=timezone.now() - timedelta(hours=1))


def any_host(server: Any, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (without_key, "No key is sent"),
        (without_price, "No price is known for unheard-of"),
        (idle, "None was seen lately; nothing waits."),
        (long_wait, "1 posts wait, the first for 60 minutes."),
        (any_host, "ALLOWED_HOSTS lets any name in."),
    ],
)
def test_what_may_surprise_is_named_and_is_no_error(
    healthy: Any, settings: Settings, harm: Callable[[Any, Settings], None], sentence: str
) -> None:
    harm(healthy, settings)

    said, error = run()

    assert error == ""
    assert any(sentence in line for line in lines(said, "odd"))


def test_a_full_disk_is_broken(healthy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Disk(10**9, 10**9, 10**6))
    assert "Only 1 MB are free" in run()[0]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="these options are SQLite's")
def test_sqlite_without_its_options_is_broken(
    healthy: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", {})
    said, error = run()
    assert error == "1 thing is broken."
    assert "Set OPTIONS['transaction_mode'] to 'IMMEDIATE'" in said


def test_a_database_that_is_not_there_is_not_made(model_server: Any, tmp_path: Path) -> None:
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite3'}",
        "OPENAI_BASE_URL": model_server.url,
        "OPENAI_API_KEY": "a-secret",
    }
    ended = subprocess.run(
        [sys.executable, "manage.py", "doctor"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert lines(ended.stdout, "broken") == [f"broken  database  There is no {tmp_path / 'none.sqlite3'} yet."]
    assert ended.stderr == "CommandError: 1 thing is broken.\n"
    assert "a-secret" not in ended.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_model_is_started_for_the_question(settings: Settings) -> None:
    settings.LOCAL_MODEL_URL = "http://127.0.0.1:9/v1"
    said, error = run()
    assert error == ""
    assert "SmolLM2-135M-Instruct answered" in said
    assert "it was started for this question" in said
