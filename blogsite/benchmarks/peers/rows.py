"""Fills a database with posts: `python -m blogsite.benchmarks.peers.rows URL 100000`."""

import random
import subprocess
import sys
from pathlib import Path

from blogsite.benchmarks.harness.deployment import PROJECT, use_database
from blogsite.benchmarks.harness.postgres import PostgresServer

TEXT = 3000  # characters of a post
SHIFTS = 997  # number of different texts, so that a database cannot store one for all
WORDS = (
    "bread flour water oven village morning crust salt neighbour kitchen table hands slowly warm market grain".split()
)
# The same for both databases.
INSERT = """
INSERT INTO blogs_blogpost
    (owner_id, title, content, brief_title, brief, status, version, revision, created_at, updated_at, released_revision,
     released_at, ai_disclosure, folded_title)
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)
SELECT %s, 'Bread for village ' || n, substr(%s, 1 + n %% %s, %s), 'Bread', 'flour and water', 'completed', 1, 1,
       {moment}, {moment}, 1, {moment}, 'ai-autonomous', 'bread for village ' || n
FROM numbers
"""
MOMENTS = {"sqlite": "'2026-01-02 03:04:05.678901'", "postgresql": "timestamptz '2026-01-02 03:04:05.678901+00'"}


def another_database(scratch: Path, server: PostgresServer | None, name: str) -> str:
    """Create another empty database and return its URL."""
    if server is None:
        return f"sqlite:///{scratch / name}.sqlite3"
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return server.url.removesuffix("postgres") + name


def fill_database(url: str, count: int) -> None:
    """Create the tables and `count` posts, in a process of its own: Django has one database a process.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    command = [sys.executable, "-m", "blogsite.benchmarks.peers.rows", url, str(count)]
    subprocess.run(command, cwd=PROJECT, check=True, timeout=600)


def fill(count: int) -> None:
    from django.db import connection

    from accounts.models import User

    owner = User.objects.get_or_create(email="load@example.com")[0]
    words = random.Random(7).choices(WORDS, k=TEXT)
    with connection.cursor() as cursor:
        insert = INSERT.format(moment=MOMENTS[connection.vendor])
        cursor.execute(insert, [count, owner.pk, " ".join(words), SHIFTS, TEXT])
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    use_database(sys.argv[1], {})
    fill(int(sys.argv[2]))
