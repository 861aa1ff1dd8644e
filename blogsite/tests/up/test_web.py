"""The web server as a process: it ends when it is asked to, and serves before the database is ready."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from blogs.database.outages import Outage
from blogsite.api.problems import outage_detail
from blogsite.testing.databases import empty_database
from blogsite.testing.workers import TIMEOUT, eventually
from blogsite.up.service import http_status
from blogsite.up.web import web_command
from generation.processes.child import ChildProcess
from generation.processes.ports import free_port
from generation.worker.supervisor import WORKER_READY
from generation.worker.waiting import NOT_MIGRATED

pytestmark = pytest.mark.process
HOST = "127.0.0.1"


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    with empty_database(tmp_path) as url:
        more = {"DATABASE_URL": url, "SECRET_KEY": settings.SECRET_KEY, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
        yield os.environ | more


def start(environment: dict[str, str], *arguments: str) -> ChildProcess:
    process = ChildProcess([sys.executable, *arguments], on_line=print, env=environment, cwd=settings.BASE_DIR)
    process.start()
    return process


def detail_of(port: int, path: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection(HOST, port, timeout=20)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, json.load(answer).get("detail", "")


def test_it_ends_at_once_while_its_worker_still_loads(environment: dict[str, str]) -> None:
    # A worker that missed the signal would be waited for, longer than this test waits.
    web = start(environment, *web_command(HOST, free_port(HOST), finish_within=10 * int(TIMEOUT)))
    eventually(lambda: psutil.Process(web.pid).children())

    web.terminate()

    eventually(lambda: not web.alive)
    assert web.exit_code == 0


def test_all_wait_for_migrations_and_go_on_when_they_are_applied(environment: dict[str, str]) -> None:
    port = free_port(HOST)
    web = start(environment, "manage.py", "web", "--port", str(port))
    worker = start(environment, "manage.py", "worker")
    try:
        eventually(lambda: http_status(HOST, port, "/healthz") == 200)
        detail = outage_detail(Outage.NOT_MIGRATED)
        assert detail_of(port, "/api/v1/blogs") == (503, detail)
        assert detail_of(port, "/readyz") == (503, f"{Outage.NOT_MIGRATED.detail} {Outage.NOT_MIGRATED.fix}")
        eventually(lambda: any(NOT_MIGRATED in line for line in worker.last_lines))

        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=settings.BASE_DIR, env=environment, check=True)

        eventually(lambda: WORKER_READY in worker.last_lines)
        assert not [line for line in worker.last_lines if "Traceback" in line]
        eventually(lambda: detail_of(port, "/readyz")[0] == 200)
    finally:
        worker.end(grace=8)
        web.end(grace=8)
    assert (worker.exit_code, web.exit_code) == (0, 0)
