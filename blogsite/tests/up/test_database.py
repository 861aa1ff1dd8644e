import os
import subprocess
import sys
from pathlib import Path

import pytest

from blogsite.conf.databases import BAD_URL
from blogsite.testing.databases import empty_database
from blogsite.testing.up_process import ROOT, up_error
from blogsite.up.database import POSTGRESQL_ERROR, SQLITE_ERROR

pytestmark = pytest.mark.process


def error_with(url: str) -> str:
    return up_error(
        ROOT, ENV_FILE=os.devnull, SECRET_KEY="for-tests-only-" + "0123456789" * 4, HTTPS="false", DATABASE_URL=url
    )


@pytest.mark.own_database
def test_an_unknown_database_is_one_line_without_its_password() -> None:
    line = error_with("mysql://me:sesame@localhost/db")
    assert BAD_URL in line
    assert "sesame" not in line


@pytest.mark.own_database
def test_a_server_that_does_not_answer_is_one_line_without_its_password() -> None:
    line = error_with("postgres://me:sesame@127.0.0.1:9/db")
    start, end = POSTGRESQL_ERROR.split("{reason}")
    assert start in line
    assert end in line
    assert "127.0.0.1" in line
    assert "sesame" not in line


@pytest.mark.own_database
def test_a_file_that_cannot_be_created_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "db.sqlite3"
    assert SQLITE_ERROR.format(path=path, reason="unable to open database file") in error_with(f"sqlite:///{path}")


@pytest.mark.own_database
def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Not a database, but a long enough text.\n" * 40)
    path.chmod(0o600)  # else a warning comes first
    assert SQLITE_ERROR.format(path=path, reason="file is not a database") in error_with(f"sqlite:///{path}")


def test_of_two_that_start_at_once_one_waits_for_the_other(tmp_path: Path) -> None:
    code = "import django; django.setup(); from blogsite.up.database import prepare_database; print(prepare_database())"
    command = [sys.executable, "-c", code]
    with empty_database(tmp_path) as url:
        env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "blogsite.settings"}
        both = [subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        applied = sorted(int(process.communicate()[0]) for process in both)

    assert applied[0] == 0
    assert applied[1] > 0
