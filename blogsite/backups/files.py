"""A file that is there whole or not at all, sealed with a checksum, and what it must hold to be a backup of ours."""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

MIGRATIONS = "django_migrations"
EXISTS = "{path} exists. Give a name that is free: nothing is overwritten."
NOT_A_BACKUP = "{path} is not a backup of this service: {reason}. Nothing was changed."
NOT_OURS, CHANGED = "it has no posts", "its checksum shows that it was changed or cut off"
NEWER = "{path} is from a newer version: it has the migration {name}. Install that version first. Nothing was changed."

# The end of a backup, with the SHA-256 of all before it: neither SQLite nor pg_restore sees a changed letter in a text,
# and both ignore what comes after their own end.
SEAL = b"\nblogsite sha256 "
SEAL_BYTES = len(SEAL) + hashlib.sha256().digest_size


class BackupFailed(Exception):
    """A backup was not made, or cannot be restored; the message says why, and nothing was changed."""


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Yield an empty file beside `path` that only its owner may read; after the block it is sealed and has that name.

    Raises:
        BackupFailed: there is such a file.
        OSError: the directory cannot be written, or the disk is full.
    """
    if path.exists():
        raise BackupFailed(EXISTS.format(path=path))
    with replacing(path) as unfinished:
        yield unfinished
        digest = digest_of(unfinished, unfinished.stat().st_size)
        with unfinished.open("ab") as file:
            file.write(SEAL + digest)


def digest_of(path: Path, size: int) -> bytes:
    """Return the SHA-256 of the first `size` bytes of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(min(1 << 20, size)):
            digest.update(block)
            size -= len(block)
    return digest.digest()


def require_whole(path: Path) -> int:
    """Return how many bytes of a backup come before its seal; all, if it was made by another program and has none.

    Raises:
        BackupFailed: it was changed since it was sealed.
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - SEAL_BYTES))
        end = file.read()
    if not end.startswith(SEAL):
        return size
    if digest_of(path, size - SEAL_BYTES) != end[len(SEAL) :]:
        raise BackupFailed(NOT_A_BACKUP.format(path=path, reason=CHANGED))
    return size - SEAL_BYTES


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield an empty, private file that takes the place of `path` after the block, whole and on disk."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # mode 0600
    os.close(descriptor)
    unfinished = Path(name)
    try:
        yield unfinished
        sync(unfinished)
        unfinished.replace(path)
        sync(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Have all of a file, or the names in a directory, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def require_ours(path: Path, applied: Set[tuple[str, str]]) -> None:
    """Make sure that this version can use what a backup holds.

    Args:
        path: the backup.
        applied: its migrations, by app and name.

    Raises:
        BackupFailed: it is another program's, or a newer version's.
    """
    if not any(app == "blogs" for app, _ in applied):
        raise BackupFailed(NOT_A_BACKUP.format(path=path, reason=NOT_OURS))
    known = MigrationLoader(None).disk_migrations
    labels = {config.label for config in apps.get_app_configs()}
    newer = sorted((app, name) for app, name in applied if app in labels and (app, name) not in known)
    if newer:
        raise BackupFailed(NEWER.format(path=path, name=".".join(newer[0])))
