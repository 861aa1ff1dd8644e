"""How a database would answer: whether it reads a whole table."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

# PostgreSQL multiplies the pages that there are with the rows that it has found in each.
MANY_ROWS = """
UPDATE pg_class SET relpages = 1, reltuples = 100000
FROM (SELECT %s::regclass AS oid) asked
WHERE pg_class.oid = asked.oid OR pg_class.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = asked.oid)
"""


def statements_of(work: Callable[[], Any], table: str) -> list[tuple[str, Any]]:
    """Do the work and return its statements on a table, with their parameters."""
    statements = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if table in sql:
            statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return statements


def reads_all(sql: str, params: Any, table: str, small: Collection[str] = ()) -> bool:
    """Whether the database would go through all rows of a table, or through an index of all, to answer.

    Args:
        small: indexes of some rows, or narrow ones, through which it may go.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            looks = [step.split() for *_, step in cursor.fetchall() if table in step.split()]
            return any("USING" not in look or (look[0] == "SCAN" and not {*look} & {*small}) for look in looks)
        cursor.execute("SHOW is_superuser")
        if cursor.fetchone() == ("off",):
            pytest.skip("missing: a superuser of PostgreSQL, who can make it plan for many rows")
        cursor.execute("SET LOCAL enable_seqscan = off")  # it would be right for the few rows of a test
        cursor.execute(f"ANALYZE {table}")  # which may have been done when there were others
        cursor.execute(MANY_ROWS, [table])
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        scans = [node for node in nodes(cursor.fetchone()[0][0]["Plan"]) if node["Node Type"].endswith("Scan")]
        return any(
            node.get("Relation Name") == table
            and not node.keys() & {"Index Cond", "Recheck Cond"}
            and node.get("Index Name") not in small
            for node in scans
        )


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)
