"""The order in which rows are locked: a post's first, then its generations."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generation.tests.baker_recipes import waiting

pytestmark = pytest.mark.django_db


def test_posts_are_held_before_their_generations_when_their_owner_is_deleted():
    owner = waiting.make().post.owner

    with CaptureQueriesContext(connection) as queries:
        owner.delete()

    statements = [query["sql"] for query in queries]
    first_change = next(i for i, statement in enumerate(statements) if statement.startswith(("DELETE", "UPDATE")))
    before = statements[first_change - 1]
    assert before.startswith('SELECT "blogs_blogpost"."id"')
    assert "ORDER BY" in before
    assert ("FOR UPDATE" in before) == connection.features.has_select_for_update
