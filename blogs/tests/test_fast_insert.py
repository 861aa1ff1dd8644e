"""Rows that are inserted by the fast statement are as the ORM would have inserted them."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from blogs.fast_insert import insert
from blogs.models import BlogPost
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.posts import changes_of
from generation.models import Generation

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {
    "length": "long",
    "requested_model": "some-model",
    "proposes_only": True,
    "economy": True,
    "economy_until": timezone.now(),
    "fallback_reason": "timeout",
    "worker": "one:1",
    "cost": 1,
    "accounts": "user:7 site",
    "charged_on": date(2026, 2, 28),
    "reserved": 5,
    "spent_at_most": 3,
    "warnings": [{"name": "left_out"}],
    "steps": {"token": "x"},
}


@pytest.mark.parametrize("given", [{}, GIVEN], ids=["as little as possible", "more"])
def test_what_a_row_says_is_stored_and_the_rest_is_its_defaults(given: dict[str, Any]) -> None:
    post, number = finished_post.make(), {"number": 1, "base_revision": 1, "brief_title": "Rye"}
    fast, slow = (Generation(post=post, **number | given) for _ in range(2))

    insert(fast)

    assert changes_of(fast).keys() <= {"created_at"}  # by the database's clock
    stored = Generation.objects.values().get(pk=fast.pk)
    Generation.objects.filter(pk=fast.pk).delete()
    slow.save()
    same = Generation.objects.values().get(pk=slow.pk)
    assert stored | {"id": 0, "created_at": 0} == same | {"id": 0, "created_at": 0}


def test_a_row_that_lacks_what_it_needs_is_refused() -> None:
    row = BlogPost(title="Rye", version=1)
    setattr(row, "status", None)  # noqa: B010  (its type forbids it)
    with pytest.raises(IntegrityError):
        insert(row)


def test_a_request_has_no_more_parameters_than_psycopg_keeps_a_statement_for(as_user: Any) -> None:
    counts: list[int] = []

    def count(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        if sql.startswith("INSERT INTO"):
            counts.append(len(params or ()))
        return execute(sql, params, *rest)

    client = as_user(finished_post.make().owner)
    with connection.execute_wrapper(count):
        assert client.post("/api/v1/blogs", {"title": "Rye", "content": "dough"}).status_code == 201

    assert max(counts) <= 50
