"""While all writing is paused nothing is fetched, requests queue, and any order of pausing and resuming is harmless."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost
from blogsite.testing.posts import NOTES
from generation.models import Generation, SitePause, State
from generation.queue.fetch import fetch_due, is_due
from generation.queue.site_pause import pause, resume
from generation.tests.baker_recipes import abandoned, waiting
from generation.worker.housekeeping import jobs

pytestmark = pytest.mark.django_db(transaction=True)

WAITING: dict[str, Callable[[], Generation]] = {
    "a new request": waiting.make,
    "a retry": lambda: waiting.make(attempts=1, not_before=timezone.now() - timedelta(seconds=1)),
    "a bulk request at half the price": lambda: waiting.make(urgent=False, economy=True),
    "a retry by the fallback": lambda: waiting.make(attempts=1, fallback_reason="rate_limited"),
    "what a silent host held": abandoned.make,
}


@pytest.mark.parametrize("kind", WAITING)
def test_nothing_is_fetched_until_somebody_resumes(kind):
    generation = WAITING[kind]()
    before = Generation.objects.values().get()
    pause()

    assert not is_due("one:1")
    assert fetch_due(10, "one:1") == []
    assert Generation.objects.values().get() == before

    resume()
    assert is_due("one:1")
    assert [claim.id for claim in fetch_due(10, "one:1")] == [generation.pk]


def test_a_pause_costs_the_fetch_no_query(django_assert_num_queries):
    waiting.make()
    with django_assert_num_queries(2):  # is anything due, who is paused
        is_due("one:1")
    pause()

    with django_assert_num_queries(1):
        assert fetch_due(10, "one:1") == []


def test_the_api_accepts_requests_which_stay_pending(as_user):
    client, brief = as_user(writer.make()), {"title": "Bread", "content": NOTES}
    pause()

    created = client.post("/api/v1/blogs", brief)
    again = client.put(f"/api/v1/blogs/{created.json()['blog']['id']}", brief)

    fetch_due(10, "one:1")
    assert (created.status_code, again.status_code) == (201, 202)
    assert BlogPost.objects.get().status == State.PENDING


def test_who_pauses_first_stays():
    assert pause(reason="Too dear.")
    since = SitePause.objects.values().get()

    assert not pause(reason="Another reason.")

    assert SitePause.objects.values().get() == since


def test_resuming_wakes_a_worker_once_and_only_after_a_pause():
    assert not resume()
    assert not OrmQ.objects.exists()
    pause()

    assert resume()
    assert not resume()

    assert OrmQ.objects.count() == 1
    assert not SitePause.objects.exists()


def test_housekeeping_keeps_even_an_old_pause():
    pause()
    SitePause.objects.update(since=timezone.now() - timedelta(days=1000))

    for job in jobs():
        job.run_when_due()

    assert SitePause.objects.count() == 1


def test_pauses_and_resumptions_at_once_are_harmless():
    def change(number: int) -> int:
        """Return by how much the number of pauses grew, as the caller was informed."""
        try:
            return int(pause(reason=str(number))) if number % 2 else -int(resume())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        grown = sum(threads.map(change, range(80)))

    assert SitePause.objects.count() == grown
    assert grown in (0, 1)


def test_the_steps_are_in_the_log_each_on_one_line(caplog):
    with caplog.at_level("INFO", "blogsite.generation"):
        pause(reason="Too\ndear.\x00\ud800")
        resume()

    assert caplog.messages == ["step=paused by=command reason='Too dear.'", "step=resumed by=command"]
