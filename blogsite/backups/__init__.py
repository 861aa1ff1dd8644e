"""Backups of the database into one file, and the way back: a module for each kind of database, with the same names."""

from importlib import import_module
from types import ModuleType

from django.db import connection


def kind() -> ModuleType:
    """Return the module for the database that is set."""
    return import_module(f"{__name__}.{connection.vendor}")
