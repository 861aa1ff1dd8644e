"""The overview of generations on the admin's first page."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import User
from accounts.tests.baker_recipes import editor, writer
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.browsers import logged_in
from blogsite.testing.groups import member_of
from generation.models import State, WorkerSeen
from generation.reporting.overview import HOURS, NO_WORKER, last_hours, overview
from generation.tests.baker_recipes import abandoned, waiting, written

pytestmark = pytest.mark.django_db
NUMBERS = 'id="overview"'


def front_page(user: User) -> str:
    return logged_in(user).get("/admin/").content.decode()


def ended(ago: timedelta, **fields: Any) -> None:
    end = timezone.now() - ago
    written.make(started_at=end - timedelta(seconds=30), finished_at=end, **fields)


def test_the_first_page_shows_the_queue_and_the_last_day():
    waiting.make(created_at=timezone.now() - timedelta(minutes=5, seconds=30))
    waiting.make()
    abandoned.make()
    WorkerSeen.objects.create(name="here", seen_at=timezone.now())
    ended(timedelta(minutes=1))
    ended(timedelta(minutes=1), status=State.FAILED)

    html = front_page(editor.make())

    shown = dict(re.findall(r"<dt>(.*?)</dt><dd>([^<]*?) *(?:<small>.*</small>)?</dd>", html))
    assert shown["Oldest in queue"].startswith("5 min 3")
    assert (shown["Queued"], shown["In progress"], shown["Workers"]) == ("2", "1", "1")
    assert "1 completed and 1 failed in the last 24 hours" in html
    assert html.count('<rect class="failed"') == 1
    assert NO_WORKER not in html


def test_tokens_and_cost_are_those_of_today_and_of_this_month():
    day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    last_month = day.replace(day=1) - timedelta(days=3)
    written.make(finished_at=timezone.now(), prompt_tokens=1_000, completion_tokens=500, cost="0.25")
    written.make(finished_at=timezone.now(), prompt_tokens=10, completion_tokens=0, cost=None)
    written.make(finished_at=day.replace(day=1), prompt_tokens=2_000, completion_tokens=0, cost="1.5")
    written.make(finished_at=last_month, prompt_tokens=90_000, cost="9")

    now = overview()

    is_first = day.day == 1  # then the month's first moment is today's
    assert (now.today.tokens, now.month.tokens) == (3_510 if is_first else 1_510, 3_510)
    assert (float(now.today.cost or 0), float(now.month.cost or 0)) == (1.75 if is_first else 0.25, 1.75)
    assert (now.today.unknown, now.month.unknown) == (1, 1)


def test_the_first_page_says_unknown_where_no_price_is_known():
    assert "<dt>Cost today</dt><dd>$0.00 " in front_page(editor.make())
    cache.clear()
    written.make(finished_at=timezone.now(), cost=None)
    written.make(finished_at=timezone.now(), cost=None, calls=0)

    assert "<dt>Cost today</dt><dd>unknown " in front_page(editor.make())


def test_the_chart_has_every_hour_of_the_last_day():
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    written.make(finished_at=hour)
    written.make(finished_at=hour - timedelta(hours=3), status=State.FAILED)
    written.make(finished_at=hour - timedelta(hours=3), status=State.CANCELLED)
    written.make(finished_at=hour - timedelta(hours=HOURS))

    hours = last_hours()

    assert [one.begin for one in hours] == [hour - timedelta(hours=back) for back in reversed(range(HOURS))]
    assert [(HOURS - 1 - index, one.completed, one.failed) for index, one in enumerate(hours) if one != empty(one)] == [
        (3, 0, 1),
        (0, 1, 0),
    ]


def empty(hour: Any) -> Any:
    return type(hour)(hour.begin, 0, 0)


@pytest.mark.parametrize("user", [editor, writer.extend(is_staff=True)])
def test_there_is_no_warning_while_nothing_is_queued(user):
    assert NO_WORKER not in front_page(user.make())


def test_queued_posts_without_a_worker_are_warned_of_once():
    waiting.make()
    waiting.make()
    WorkerSeen.objects.create(name="gone", seen_at=datetime(2020, 1, 1, tzinfo=UTC))

    assert front_page(editor.make()).count(NO_WORKER) == 1


def test_writers_are_warned_too_and_see_no_numbers():
    waiting.make()

    html = front_page(member_of("Writers"))

    assert NO_WORKER in html
    assert NUMBERS not in html


def test_editors_see_the_numbers():
    assert NUMBERS in front_page(member_of("Editors"))


def test_staff_who_may_not_view_posts_see_nothing():
    waiting.make()

    html = front_page(writer.make(is_staff=True))

    assert NO_WORKER not in html
    assert NUMBERS not in html


def test_the_overview_costs_the_same_for_many_generations(django_assert_num_queries, django_assert_max_num_queries):
    post = finished_post.make()
    for number in range(30):
        written.make(post=post, owner=post.owner, number=number)

    with django_assert_num_queries(6):  # by hour, sums, depth, oldest, workers, pause
        overview()
    with django_assert_max_num_queries(4):  # none of the sums, and within a second none of the queue
        overview()


def test_writers_and_editors_see_how_many_of_their_posts_wait_for_review():
    writer_of_one = member_of("Writers")
    finished_post.make(owner=writer_of_one, revision=2)
    finished_post.make(revision=2)
    finished_post.make()

    assert '?review=waiting">1 post</a>' in front_page(writer_of_one)
    assert '?review=waiting">2 posts</a>' in front_page(member_of("Editors"))
