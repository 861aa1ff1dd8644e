"""The order in which the posts of many owners are written."""

import pytest

from accounts.tests.baker_recipes import writer
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.posts import request_post
from generation.models import Generation
from generation.queue.fair_order import Place, place_of
from generation.queue.fetch import fetch_due
from generation.tests.baker_recipes import abandoned, waiting, written

pytestmark = pytest.mark.django_db


def request(owner, posts=1):
    for _ in range(posts):
        request_post(owner=owner)


def owners_of(claims):
    rows = Generation.objects.in_bulk([claim.id for claim in claims])
    return [rows[claim.id].owner for claim in claims]


def fetch(limit):
    return owners_of(fetch_due(limit, "worker:1"))


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


def place(post, *, urgent=True):
    return place_of(post_id=post.pk, owner_id=post.owner_id, urgent=urgent)


def test_the_first_request_of_all_has_the_first_place():
    assert place(finished_post.make()) == Place(supersedes=False, number=1, turn=0)


def test_a_request_counts_the_generations_of_its_own_post():
    mine, anothers = written.make(number=4).post, written.make(number=7).post
    waiting.make(post=anothers, number=8)

    assert place(mine)[:2] == (False, 5)
    assert place(anothers)[:2] == (True, 9)


def test_an_owners_requests_follow_each_other_with_a_turn_between():
    mine, another = finished_post.make(), finished_post.make()
    waiting.make(owner=mine.owner, turn=6)
    waiting.make(owner=mine.owner, turn=7, urgent=False)
    waiting.make(owner=another.owner, turn=3)
    written.make(owner=mine.owner, turn=20)

    assert place(mine).turn == 8
    assert place(another).turn == 5
    assert place(mine, urgent=False).turn == 9


def test_a_newcomers_request_is_placed_before_the_first_in_the_queue_or_right_after_what_is_being_written():
    newcomer = finished_post.make()
    written.make(turn=20)
    waiting.make(turn=6)
    waiting.make(turn=30, urgent=False)
    assert place(newcomer).turn == 6
    abandoned.make(turn=3)
    abandoned.make(turn=9, urgent=False)

    assert place(newcomer).turn == 4
    assert place(newcomer, urgent=False).turn == 10


def test_a_request_that_supersedes_another_does_not_wait_behind_it():
    post = waiting.make(turn=6).post
    waiting.make(owner=post.owner, turn=1)
    Generation.objects.filter(post=post).update(owner=post.owner)

    assert place(post) == Place(supersedes=True, number=2, turn=3)
