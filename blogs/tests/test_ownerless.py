"""Posts that nobody owns."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.leaving import delete_users
from accounts.signals import KEPT
from accounts.tests.baker_recipes import editor, writer
from blogs.models import BlogPost, Status
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.posts import fresh, request_post
from generation.failures import FailureCode
from generation.models import Generation, State
from generation.queue.fetch import fetch_due

pytestmark = pytest.mark.django_db


def test_the_admin_calls_the_owner_nobody_and_finds_such_posts(editor_client):
    finished_post.make(title="Orphan", owner=None)
    finished_post.make(title="Other")

    html = editor_client.get("/admin/blogs/blogpost/", {"owner__isnull": "True"}).content.decode()

    assert ">Orphan</a>" in html
    assert ">Other</a>" not in html
    assert '<td class="field-owner nowrap">nobody</td>' in html


def test_a_request_for_such_a_post_waits_among_those_of_whoever_requested_it():
    chief = editor.make()
    orphans = finished_post.make(owner=None, _quantity=2)
    for post in orphans:
        post.request_generation(requested_by=chief)
    other = request_post(owner=writer.make())

    assert [claim.post_id for claim in fetch_due(3, "one:1")] == [orphans[0].pk, other.pk, orphans[1].pk]


@pytest.mark.parametrize("number", [2, 20])
def test_a_queue_that_is_left_behind_is_cancelled_in_few_statements_however_long(number):
    owner = writer.make()
    posts = [request_post(owner=owner) for _ in range(number)]

    with CaptureQueriesContext(connection) as queries:
        delete_users([owner.pk], KEPT)

    assert {(row.status, row.failure_message) for row in Generation.objects.all()} == {
        (State.CANCELLED, FailureCode.CANCELLED.summary)
    }
    assert {fresh(post).status for post in posts} == {Status.FAILED}
    assert sum(query["sql"].startswith("UPDATE") for query in queries) < 15


def test_the_operators_request_for_such_a_post_is_a_newcomers():
    mine = [request_post(owner=owner) for owner in [writer.make()] * 2]
    post: BlogPost = finished_post.make(owner=None)
    post.request_generation()

    assert [claim.post_id for claim in fetch_due(3, "one:1")] == [mine[0].pk, post.pk, mine[1].pk]
