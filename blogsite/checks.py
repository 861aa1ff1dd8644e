"""System checks of settings and what they were read from, and of files that only their owner may read."""

import shlex
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as CheckWarning
from django.core.checks.registry import registry
from django.core.checks.security.base import check_secret_key

from accounts.checks import SETTINGS
from blogs.models import TITLE_MAX_LENGTH
from blogs.models.text_bytes import ROW

UNKNOWN_HINT = "Correct its name, or remove it; .env.example lists all settings."
READABLE = "Other users of this machine may read {paths}."
READABLE_HINT = "Run `chmod 600 {paths}`."
NO_ROOM = "REVISIONS_MAX has no room for two texts of TEXT_MAX characters of four bytes: the second may be refused."
BYTES = 4  # of a character, at most
NO_ROOM_HINT = "Set it to at least {least}."
OTHERS = 0o077  # permissions of a file's group and of everybody

# Django looks at the key with `check --deploy` alone; a weak one is worth a word at every start.
registry.deployment_checks.discard(check_secret_key)
register(check_secret_key, SETTINGS)


@register(SETTINGS)
def check_names(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [
        CheckWarning(sentence, hint=UNKNOWN_HINT, id="blogsite.W001") for name, sentence in settings.UNKNOWN_VARIABLES
    ]


@register(SETTINGS)
def check_files(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name files that others may read, and leave them: somebody may have opened them for a backup."""
    if not (found := [str(path) for path in private_files() if path.is_file() and path.stat().st_mode & OTHERS]):
        return []
    hint = READABLE_HINT.format(paths=shlex.join(found))
    return [CheckWarning(READABLE.format(paths=", ".join(found)), hint=hint, id="blogsite.W002")]


@register(SETTINGS)
def check_room(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    least = 2 * (BYTES * (TITLE_MAX_LENGTH + settings.TEXT_MAX) + ROW)
    if least <= settings.REVISIONS_MAX:
        return []
    return [CheckWarning(NO_ROOM, hint=NO_ROOM_HINT.format(least=least), id="blogsite.W003")]


def private_files() -> list[Path]:
    """Return where keys and everybody's data are: `.env` and SQLite's files."""
    database = settings.DATABASES["default"]
    names = [f"{database['NAME']}{suffix}" for suffix in ("", "-wal", "-shm")]
    return [settings.ENV_FILE, *map(Path, names if database["ENGINE"].endswith("sqlite3") else ())]
