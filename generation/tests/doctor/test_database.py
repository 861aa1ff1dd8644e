import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from blogs.database.outages import Outage
from blogsite.testing.model_server import ModelServer
from blogsite.testing.posts import request_post
from blogsite.testing.workers import eventually
from generation.doctor import database
from generation.doctor.findings import Finding, Level
from generation.management.commands.doctor import error_count
from generation.models import Generation

UNREACHABLE = "postgres://nobody@127.0.0.1:9/none"


@pytest.mark.process
def test_a_missing_database_is_an_error_and_not_created(model_server: ModelServer, tmp_path: Path) -> None:
    path = tmp_path / "none.sqlite3"
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{path}",
        "OPENAI_BASE_URL": model_server.url,
        "OPENAI_API_KEY": "a-secret",
    }
    command = [sys.executable, "manage.py", "doctor"]
    run = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 1
    errors = [line for line in run.stdout.splitlines() if line.startswith("error")]
    assert errors == [f"error    database  {database.MISSING.format(path=path)}"]
    assert run.stderr == f"CommandError: {error_count(1)}\n"
    assert "a-secret" not in run.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.process
def test_a_command_says_in_one_line_that_the_database_is_away() -> None:
    command = [sys.executable, "manage.py", "regenerate_posts", "--status", "failed", "--dry-run"]
    environment = os.environ | {"DATABASE_URL": UNREACHABLE}
    run = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 1
    assert run.stderr.startswith(f"{Outage.UNREACHABLE.detail} {Outage.UNREACHABLE.fix} (")
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time: the others wait")
@pytest.mark.django_db(transaction=True)
def test_a_session_that_others_wait_for_is_named() -> None:
    ours = Generation.objects.filter(post=request_post())
    is_held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with closing(connection), transaction.atomic():
            ours.update(attempts=0)
            is_held.set()
            may_end.wait(30)

    def wait() -> None:
        with closing(connection), suppress(OperationalError):  # after DATABASE_LOCK_TIMEOUT
            ours.update(attempts=1)

    with ThreadPoolExecutor(2) as pool:
        pool.submit(hold)
        is_held.wait(30)
        pool.submit(wait)
        eventually(warnings)
        [held] = warnings()
        may_end.set()

    assert "1 wait" in held.message
    assert "pg_terminate_backend(" in held.fix
    assert not warnings()


def warnings() -> list[Finding]:
    return [finding for finding in database.database() if finding.level == Level.WARNING]
