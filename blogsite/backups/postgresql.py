"""Backups of a PostgreSQL database, by its own programs, in the custom format of pg_dump."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.apps import apps
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from blogsite.backups.files import MIGRATIONS, NOT_A_BACKUP, BackupFailed, new_file, require_ours, require_whole

MISSING = (
    "{program} is not installed. Install PostgreSQL's client programs of the server's version or a newer one "
    "(Debian: postgresql-client)."
)
DUMP_FAILED, RESTORE_FAILED = "The backup was not made: {reason}", "Nothing was changed: {reason}"
WRONG_FORMAT = "it was not made by `manage.py backup` for PostgreSQL"
MAGIC = b"PGDMP"
IN_USE = "The database is in use ({count} connections): stop the web servers and the workers. Nothing was changed."
NOBODY_ELSE = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' "
    "AND pid <> pg_backend_pid()"
)
PLAIN = ("--no-owner", "--no-privileges")  # who restores owns it


def program(name: str) -> str:
    if found := shutil.which(name):
        return found
    raise BackupFailed(MISSING.format(program=name))


def connected(name: str, *options: str) -> tuple[list[str], dict[str, str]]:
    """Return the command line and environment of one of PostgreSQL's programs on our database."""
    arguments, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, list(options))
    return [program(name), *arguments[1:]], os.environ | (environment or {})


def run(command: Sequence[str], environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False
    )


def error_in(text: str) -> str:
    """Return the first line that names an error."""
    lines = [line for line in text.splitlines() if "error" in line.lower()] or text.splitlines()
    return lines[0] if lines else "it said nothing"


def back_up(path: Path) -> None:
    """Write all that is committed now into a new file, while others go on to read and write.

    Raises:
        BackupFailed: a program is missing, or the database or the file does not do what it should.
    """
    with new_file(path) as unfinished:
        done = run(*connected("pg_dump", "--format=custom", *PLAIN, f"--file={unfinished}"))
        if done.returncode:
            raise BackupFailed(DUMP_FAILED.format(reason=error_in(done.stderr)))


def verify(path: Path) -> None:
    """Read a backup from end to end.

    Raises:
        BackupFailed: it is damaged, or not a backup of this service, or a program is missing.
        OSError: it cannot be read.
    """
    require_whole(path)
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise BackupFailed(NOT_A_BACKUP.format(path=path, reason=WRONG_FORMAT))
    reader = program("pg_restore")
    whole = run([reader, f"--file={os.devnull}", str(path)])
    table = run([reader, "--data-only", f"--table={MIGRATIONS}", "--file=-", str(path)])
    if whole.returncode or table.returncode:
        raise BackupFailed(NOT_A_BACKUP.format(path=path, reason=error_in(whole.stderr or table.stderr)))
    rows = [line.split("\t") for line in table.stdout.splitlines()]
    require_ours(path, {(row[1], row[2]) for row in rows if len(row) == 4})


def own_tables() -> list[str]:
    """Return the tables of our apps, a newer version's too, and no other program's."""
    ours = ("django_", *(f"{config.label}_" for config in apps.get_app_configs()))
    return [name for name in connection.introspection.table_names() if name.startswith(ours)]


def is_empty() -> bool:
    """Whether the database has no table of ours."""
    return not own_tables()


def restore(path: Path) -> None:
    """Put a verified backup in the place of our tables, in one transaction.

    Raises:
        BackupFailed: somebody uses the database, or a program is missing or fails.
    """
    with connection.cursor() as cursor:
        cursor.execute(NOBODY_ELSE)
        if count := cursor.fetchone()[0]:
            raise BackupFailed(IN_USE.format(count=count))
    tables = [connection.ops.quote_name(name) for name in own_tables()]
    connection.close()  # its locks would be waited for
    with psql() as script:
        script.write(b"BEGIN; SET lock_timeout = '10s';\n")
        if tables:
            script.write(f"DROP TABLE {', '.join(tables)} CASCADE;\n".encode())
        copy_script(path, script)
        script.write(b"COMMIT;\n")  # whoever is killed before this has changed nothing


def copy_script(path: Path, script: IO[bytes]) -> None:
    command = [program("pg_restore"), *PLAIN, "--file=-", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as reader:
        if reader.stdout:
            shutil.copyfileobj(reader.stdout, script)
    if reader.returncode:
        raise BackupFailed(RESTORE_FAILED.format(reason=f"pg_restore ended with {reader.returncode}"))


@contextmanager
def psql() -> Iterator[IO[bytes]]:
    """Yield the input of a psql that ends at the first error.

    Raises:
        BackupFailed: a statement failed, or psql is missing.
    """
    command, environment = connected("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, **pipes) as process:  # type: ignore[call-overload]
        with suppress(BrokenPipeError):  # psql has ended, and says why
            yield process.stdin
        errors = process.communicate()[1].decode(errors="replace")
    if process.returncode:
        raise BackupFailed(RESTORE_FAILED.format(reason=error_in(errors)))
