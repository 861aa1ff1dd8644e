"""Turns DATABASE_URL into Django's database settings."""

import warnings
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from blogs.database.private_file import PrivateConnection

# WAL lets readers go on while one writes; IMMEDIATE takes the write lock at the start of a transaction, where SQLite
# can wait for it; FULL keeps an acknowledged post through a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    "factory": PrivateConnection,
}
BAD_URL = (
    "DATABASE_URL is not valid. Write it like sqlite:///./blogsite.sqlite3 or postgres://user:password@host:5432/name."
)
BAD_POOL_MODE = "DATABASE_URL has pool_mode={}. Write transaction for PgBouncer in that mode, or leave it out."
IN_MEMORY = "DATABASE_URL names an in-memory database, which the worker cannot share. Use a file."


def database_from_url(url: str, base_dir: Path) -> dict[str, Any]:
    """Return the settings of the default database.

    Args:
        url: `sqlite:///relative/or//absolute/path` or `postgres://...`; relative paths start at `base_dir`, and
            `?pool_mode=transaction` says that PgBouncer gives each transaction another session.
        base_dir: the project's directory.

    Raises:
        ImproperlyConfigured: the URL is not one of these two, without repeating the URL (it may hold a password).
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # an unknown scheme is an error here
            config: dict[str, Any] = environ.Env.db_url_config(url)
    except (ValueError, environ.ImproperlyConfigured):
        config = {}
    engine = str(config.get("ENGINE", "")).rpartition(".")[2]
    if engine == "sqlite3" and config.get("NAME"):
        return sqlite(config, base_dir)
    if engine == "postgresql" and config.get("NAME"):
        return postgresql(config)
    raise ImproperlyConfigured(BAD_URL)


def postgresql(config: dict[str, Any]) -> dict[str, Any]:
    from psycopg import IsolationLevel  # here: only this database needs the package

    options = config.get("OPTIONS", {})
    if (mode := options.pop("pool_mode", "session")) not in ("session", "transaction"):
        raise ImproperlyConfigured(BAD_POOL_MODE.format(mode))
    options["isolation_level"] = IsolationLevel.READ_COMMITTED  # whatever the server's default is
    return config | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": mode == "transaction",  # `blogs.database.waits` goes by it, too
        "OPTIONS": options,
    }


def sqlite(config: dict[str, Any], base_dir: Path) -> dict[str, Any]:
    if config["NAME"] == ":memory:":
        raise ImproperlyConfigured(IN_MEMORY)
    name = base_dir / config["NAME"]
    return config | {"NAME": str(name), "CONN_MAX_AGE": None, "OPTIONS": SQLITE_OPTIONS}
