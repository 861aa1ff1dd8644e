"""`manage.py restore`: the database as a backup has it."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from blogs.database.migrations import count_missing
from blogs.models import BlogPost
from blogsite.backups import kind
from blogsite.backups.files import BackupFailed

NOT_EMPTY = "The database is not empty. --replace deletes all that is in it. Nothing was changed."
QUESTION = "Delete all that is in the database, and restore {path}? Type yes: "
NOT_CONFIRMED = "Not confirmed (a script passes --yes). Nothing was changed."
DONE = "restored {count} posts"
MIGRATE = "It is from an older version: run `manage.py migrate` before you start the service ({count} migrations)."


class Command(BaseCommand):
    help = (
        "Reads a backup from end to end and puts it in the database's place: all of it, or nothing. Stop the web "
        "server and the workers before. Posts that were unfinished in the backup are written again, and mail that was "
        "not yet sent is sent."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what `manage.py backup` wrote")
        parser.add_argument("--replace", action="store_true", help="delete what is in the database")
        parser.add_argument("--yes", action="store_true", help="do not ask before --replace deletes anything")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        database = kind()
        try:
            database.verify(path)
            if not database.is_empty():
                self.require_consent(path, replace=options["replace"], yes=options["yes"])
            database.restore(path)
        except BackupFailed as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror}. Nothing was changed.") from None
        self.stdout.write(DONE.format(count=BlogPost.objects.count()))
        if missing := count_missing():
            self.stdout.write(MIGRATE.format(count=missing))
        connection.close()

    def require_consent(self, path: Path, *, replace: bool, yes: bool) -> None:
        """Ask at a terminal.

        Raises:
            CommandError: what is there is to stay.
        """
        if not replace:
            raise CommandError(NOT_EMPTY)
        if not yes and not (sys.stdin.isatty() and input(QUESTION.format(path=path)).strip().lower() == "yes"):
            raise CommandError(NOT_CONFIRMED)
