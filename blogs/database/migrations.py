"""Whether all migrations are applied."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

_are_applied = False  # once true it stays true: a process knows only the migrations of its own code


def missing() -> int:
    """Return how many migrations are not applied.

    Raises:
        Error: the database cannot be asked.
    """
    global _are_applied
    if _are_applied:
        return 0
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    _are_applied = not plan
    return len(plan)
