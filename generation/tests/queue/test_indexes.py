"""Frequent queries are answered by an index: the history grows for years, and must not slow the work."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost
from blogsite.testing.plans import nodes, reads_all, statements_of
from blogsite.testing.posts import request_post
from blogsite.testing.workers import NOBODY
from generation.models import Generation
from generation.queue import backlog, fetch, transitions
from generation.queue.fair_order import place_of
from generation.reporting import overview, stats
from generation.tests.baker_recipes import abandoned, waiting, written
from generation.worker.identity import host, release_the_dead, silent_holders
from generation.worker.supervisor import Supervisor

TABLE = Generation._meta.db_table
OF_UNFINISHED = {"generation_leases"}


def history_is_read(sql: str, params: Any, table: str = TABLE) -> bool:
    return reads_all(sql, params, table, OF_UNFINISHED)


FREQUENT: dict[str, Callable[[], Any]] = {
    "is anything due": lambda: fetch.is_due("one:1"),
    "fetch": lambda: fetch.fetch_due(1, "one:1"),
    "place": lambda: place_of(post_id=1, owner_id=1, urgent=True),
    "a new owner's place": lambda: place_of(post_id=1, owner_id=2, urgent=True),
    "cancel": lambda: transitions.cancel(BlogPost.objects.latest("pk")),
    "depth": backlog.count,
    "queue": stats.queue,
    "overview": overview.overview,
    "what the dead held": release_the_dead,
    "who is silent": silent_holders,
    "sweep": lambda: Supervisor.sweep(Supervisor()),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("query", FREQUENT)
def test_the_history_is_not_read_to(query):
    for recipe in (waiting, abandoned, written, written):
        recipe.make()
    abandoned.make(worker=f"{host()}:1:{NOBODY}")
    cache.clear()
    statements = statements_of(FREQUENT[query], TABLE)
    assert statements
    assert [sql for sql, params in statements if history_is_read(sql, params)] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sql", [f"SELECT * FROM {TABLE}", f"SELECT max(calls) FROM {TABLE} WHERE status = 'failed'"])
def test_a_query_that_reads_the_history_is_noticed(sql):
    assert history_is_read(sql, None)


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite's choice of an index does not hang on their sizes")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("query", ["is anything due", "fetch", "place", "a new owner's place", "cancel"])
def test_of_many_in_the_queue_no_more_are_read_than_needed_before_the_database_has_counted_them(query):
    owner, author = writer.make(pk=1), writer.make(pk=2)
    for _ in range(50):
        written.make(owner=author, post__owner=author)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for _ in range(100):
        request_post(owner=owner)
    looks = [look for look in statements_of(FREQUENT[query], TABLE) if look[0].split()[0] == "SELECT"]

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql, params in looks:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
            for node in nodes(cursor.fetchone()[0][0]["Plan"]):
                assert node["Actual Rows"] + node.get("Rows Removed by Filter", 0) <= 2
    assert looks
