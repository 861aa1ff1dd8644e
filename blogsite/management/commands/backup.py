"""`manage.py backup`: everything in the database, as one file."""

import signal
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from blogsite.backups import kind
from blogsite.backups.files import BackupFailed

NOTHING = "There is nothing to back up: the database has no tables. Is DATABASE_URL the service's?"
DONE = "{path}: {size:.1f} MB"


class Command(BaseCommand):
    help = (
        "Writes all that is committed at this moment into a new file, while the service goes on. The file has what "
        "users wrote, and hashes of their passwords: only its owner may read it. SECRET_KEY and settings are not in it."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a name that is free; the file has it once it is complete")

    def handle(self, *args: Any, **options: Any) -> None:
        usual = signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what is unfinished is deleted
        path: Path = options["file"]
        database = kind()
        if database.is_empty():
            raise CommandError(NOTHING)
        try:
            database.back_up(path)
        except BackupFailed as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        finally:
            signal.signal(signal.SIGTERM, usual)
        self.stdout.write(DONE.format(path=path, size=path.stat().st_size / 1e6))
