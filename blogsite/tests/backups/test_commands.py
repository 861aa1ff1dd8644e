"""`manage.py backup` and `manage.py restore` on the database that is tested."""

import os
import re
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from blogs.models import BlogPost
from blogs.tests.baker_recipes import finished_post
from blogsite.backups.files import EXISTS, NEWER, NOT_A_BACKUP
from blogsite.backups.postgresql import IN_USE as CONNECTED
from blogsite.backups.postgresql import MISSING
from blogsite.backups.sqlite import IN_USE
from blogsite.management.commands.restore import NOT_CONFIRMED, NOT_EMPTY
from blogsite.testing.databases import empty_database
from blogsite.testing.workers import eventually

pytestmark = pytest.mark.django_db(transaction=True)
RESTORE = (
    "import sys, django; django.setup(); from django.core.management import call_command;"
    "from blogs.models import BlogPost; call_command('restore', sys.argv[1]);"
    "print(*BlogPost.objects.values_list('pk', flat=True))"
)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    finished_post.make(title="in the backup")
    path = tmp_path / "blogsite.backup"
    call_command("backup", path, stdout=StringIO())
    return path


@contextmanager
def posts_being_created() -> Iterator[list[int]]:
    """Yield the ids of the posts that were acknowledged so far."""
    acknowledged: list[int] = []
    stopping = threading.Event()

    def create() -> None:
        while not stopping.is_set():
            acknowledged.append(finished_post.make().pk)
        connection.close()

    thread = threading.Thread(target=create)
    thread.start()
    try:
        yield acknowledged
    finally:
        stopping.set()
        thread.join()


def refusal(path: Path, **options: bool) -> str:
    with pytest.raises(CommandError) as error:
        call_command("restore", path, **options)
    return str(error.value)


@pytest.mark.process
def test_what_was_acknowledged_before_a_backup_is_there_after_the_way_back(tmp_path: Path) -> None:
    path = tmp_path / "blogsite.backup"
    with posts_being_created() as acknowledged:
        eventually(lambda: len(acknowledged) > 20)
        before = set(acknowledged)
        call_command("backup", path, stdout=StringIO())
        eventually(lambda: len(acknowledged) > len(before) + 5)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir() if file.name.endswith("backup")] == [path.name]

    with empty_database(tmp_path) as url:
        environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "blogsite.settings"}
        command = [sys.executable, "-c", RESTORE, str(path)]
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)

    assert before <= {int(number) for number in done.stdout.splitlines()[-1].split()}, done.stderr


def test_nothing_is_overwritten(backup: Path) -> None:
    with pytest.raises(CommandError, match=re.escape(EXISTS.format(path=backup))):
        call_command("backup", backup)


def test_a_database_that_is_not_empty_needs_two_words(backup: Path) -> None:
    assert refusal(backup) == NOT_EMPTY
    assert refusal(backup, replace=True) == NOT_CONFIRMED


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-100],
        lambda data: data.replace(b"in the backup", b"in the BACKUP") if b"in the b" in data else data[:-1] + b"?",
        lambda data: (
            data[: len(data) // 2]
            + bytes(byte ^ 255 for byte in data[len(data) // 2 :][:100])
            + data[len(data) // 2 + 100 :]
        ),
        lambda data: b"",
        lambda data: b"Dear diary, " * 1000,
    ],
    ids=["half", "cut", "a letter", "a piece", "empty", "another file"],
)
def test_a_bad_file_changes_nothing(backup: Path, damage: Callable[[bytes], bytes]) -> None:
    backup.write_bytes(damage(backup.read_bytes()))
    BlogPost.objects.update(title="since then")

    assert refusal(backup, replace=True, yes=True).startswith(NOT_A_BACKUP.partition(":")[0].format(path=backup))
    assert BlogPost.objects.get().title == "since then"


def test_nothing_is_restored_under_those_who_use_the_database(backup: Path) -> None:
    BlogPost.objects.update(title="since then")
    other = connection.copy()
    other.ensure_connection()

    said = refusal(backup, replace=True, yes=True)

    other.close()
    # An earlier command's connection may be closing still.
    others = [CONNECTED.format(count=count) for count in (1, 2)]
    assert said in (IN_USE.format(path=connection.settings_dict["NAME"]), *others)
    assert BlogPost.objects.get().title == "since then"


def test_a_backup_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "newer.backup"
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('blogs', '9999_new', '2030-01-01')")
        try:
            call_command("backup", path, stdout=StringIO())
        finally:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_new'")

    assert refusal(path, replace=True, yes=True) == NEWER.format(path=path, name="blogs.9999_new")


only_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite needs no programs")


@only_postgresql
def test_a_restore_that_breaks_off_changes_nothing(
    backup: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real, fake = shutil.which("pg_restore"), tmp_path / "pg_restore"
    breaks_off = f'*--no-owner*) {real} "$@" | sed "/ADD CONSTRAINT/q"; exit 1;;'
    fake.write_text(f'#!/bin/sh\ncase "$*" in\n{breaks_off}\n*) exec {real} "$@";;\nesac\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    BlogPost.objects.update(title="since then")

    refusal(backup, replace=True, yes=True)

    assert BlogPost.objects.get().title == "since then"


@only_postgresql
def test_programs_that_are_not_installed_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CommandError, match=re.escape(MISSING.format(program="pg_dump"))):
        call_command("backup", tmp_path / "a.backup")
