import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from blogsite.testing.model_server import ModelServer
from generation.doctor import database
from generation.management.commands.doctor import error_count

pytestmark = pytest.mark.process


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
