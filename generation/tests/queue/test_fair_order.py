"""Whose turn it is when many wait."""

import pytest

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost
from generation.models import Generation
from generation.queue.fetch import fetch_due

pytestmark = pytest.mark.django_db


def ask(owner, posts=1):
    for _ in range(posts):
        BlogPost(owner=owner, title="Bread").submit(requested_by=owner)


def owners_of(claims):
    rows = Generation.objects.in_bulk([claim.id for claim in claims])
    return [rows[claim.id].owner for claim in claims]


def take(limit):
    return owners_of(fetch_due(limit, "worker:1", "provider"))


def test_one_owners_many_posts_do_not_keep_anothers_waiting():
    busy, single = writer.make(_quantity=2)
    ask(busy, 500)
    take(10)
    ask(single)

    assert take(1) == [single]


def test_two_owners_who_wait_take_turns():
    one, two = writer.make(_quantity=2)
    ask(one, 20)
    ask(two, 20)

    taken = take(10)

    assert taken.count(one) == taken.count(two) == 5


def test_a_stream_of_single_posts_does_not_starve_the_many():
    busy = writer.make()
    ask(busy, 20)
    taken = take(5)
    for _ in range(20):
        ask(writer.make())
        taken += take(1)

    assert taken.count(busy) >= 5 + 4


def test_an_idle_owner_gains_no_credit():
    one, two = writer.make(_quantity=2)
    ask(one, 6)
    take(3)
    ask(two, 3)

    assert take(6).index(one) < 2


def test_bulk_requests_go_behind_urgent_ones():
    owner = writer.make()
    post = BlogPost(owner=owner, title="Bread", brief_title="Bread")
    post.save()
    post.request_generation(urgent=False)
    urgent = writer.make()
    ask(urgent)

    assert take(2) == [urgent, owner]
