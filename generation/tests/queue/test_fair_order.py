"""The order in which the posts of many owners are written."""

import pytest

from accounts.tests.baker_recipes import writer
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.posts import request_post
from generation.models import Generation
from generation.queue.fetch import fetch_due

pytestmark = pytest.mark.django_db


def request(owner, posts=1):
    for _ in range(posts):
        request_post(owner=owner)


def owners_of(claims):
    rows = Generation.objects.in_bulk([claim.id for claim in claims])
    return [rows[claim.id].owner for claim in claims]


def fetch(limit):
    return owners_of(fetch_due(limit, "worker:1", "provider"))


def test_one_owners_many_posts_do_not_keep_anothers_waiting():
    busy, single = writer.make(_quantity=2)
    request(busy, 500)
    fetch(10)
    request(single)

    assert fetch(1) == [single]


def test_two_owners_posts_are_written_by_turns():
    one, two = writer.make(_quantity=2)
    request(one, 20)
    request(two, 20)

    fetched = fetch(10)

    assert fetched.count(one) == fetched.count(two) == 5


def test_a_stream_of_single_posts_does_not_starve_the_many():
    busy = writer.make()
    request(busy, 20)
    fetched = fetch(5)
    for _ in range(20):
        request(writer.make())
        fetched += fetch(1)

    assert fetched.count(busy) >= 5 + 4


def test_an_idle_owner_gains_no_credit():
    one, two = writer.make(_quantity=2)
    request(one, 6)
    fetch(3)
    request(two, 3)

    assert fetch(6).index(one) < 2


def test_bulk_requests_go_behind_urgent_ones():
    owner = writer.make()
    finished_post.make(owner=owner).request_generation(urgent=False)
    urgent = writer.make()
    request(urgent)

    assert fetch(2) == [urgent, owner]
