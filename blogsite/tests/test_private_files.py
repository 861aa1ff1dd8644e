"""Files with keys or with everybody's data are for their owner only, whatever the umask."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from blogsite.checks import READABLE_HINT, check_files
from blogsite.testing.up_process import ROOT, clean_env

pytestmark = [pytest.mark.process, pytest.mark.own_database]
# Writes, and looks while the connection is open.
LOOK = """
import os
from django.contrib.auth.models import Group
Group.objects.create(name="new")
print(sorted(os.listdir(os.environ["FOLDER"])), oct(os.umask(0)))
for name in os.listdir(os.environ["FOLDER"]):
    print(oct(os.stat(os.path.join(os.environ["FOLDER"], name)).st_mode & 0o777))
"""
# Looks at the file before each of the first statements.
OPEN = """
import os
from blogs.database.private_file import PrivateConnection
from django.db import connection
path, seen = connection.settings_dict["NAME"], set()
assert not os.path.exists(path)
class Watching(PrivateConnection):
    def execute(self, *args):
        seen.add((os.stat(path).st_size, oct(os.stat(path).st_mode & 0o777)))
        return super().execute(*args)
connection.settings_dict["OPTIONS"]["factory"] = Watching
connection.ensure_connection()
print(min(seen), {mode for _, mode in seen})
"""


def manage(folder: Path, umask: int, *arguments: str) -> str:
    env = clean_env(
        FOLDER=str(folder),
        DATABASE_URL=f"sqlite:///{folder / 'db.sqlite3'}",
        ENV_FILE="/dev/null",
        SECRET_KEY="0123456789abcdef" * 4,
    )
    command = [sys.executable, "manage.py", *arguments]
    run = subprocess.run(command, cwd=ROOT, env=env, umask=umask, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout + run.stderr


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_sqlites_files_are_private_and_the_umask_stays(tmp_path, umask):
    manage(tmp_path, umask, "migrate", "-v", "0")

    first, *modes = manage(tmp_path, umask, "shell", "-v", "0", "-c", LOOK).splitlines()

    assert first == f"['db.sqlite3', 'db.sqlite3-shm', 'db.sqlite3-wal'] {oct(umask)}"
    assert modes == ["0o600"] * 3


def test_a_new_file_is_private_before_anything_is_in_it(tmp_path):
    assert manage(tmp_path, 0, "shell", "-v", "0", "-c", OPEN).strip() == "(0, '0o600') {'0o600'}"


def test_an_open_file_stays_as_it_is_and_the_command_that_is_shown_closes_it(tmp_path):
    manage(tmp_path, 0o022, "migrate", "-v", "0")
    path = tmp_path / "db.sqlite3"
    path.chmod(0o640)

    shown = manage(tmp_path, 0o022, "check")

    assert READABLE_HINT.format(paths=path) in shown
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    subprocess.run(["sh", "-c", f"chmod 600 {path}"], check=True)
    assert "W002" not in manage(tmp_path, 0o022, "check")


def test_an_open_env_file_is_warned_of(settings, tmp_path, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(tmp_path / "none.sqlite3"))
    settings.ENV_FILE = tmp_path / "my .env"
    assert check_files(None) == []
    settings.ENV_FILE.touch(mode=0o600)
    assert check_files(None) == []

    settings.ENV_FILE.chmod(0o604)

    [warning] = check_files(None)
    assert warning.hint == READABLE_HINT.format(paths=f"'{settings.ENV_FILE}'")
