"""A provider that asks for fewer requests gets fewer, from all workers."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from blogs.models import Status
from blogsite.testing.model_server import Behaviour
from blogsite.testing.posts import fresh, request_post
from generation.llm.providers import configured_provider
from generation.models import Generation, ProviderPause, State
from generation.queue.rate_limits import end_refusals, pause, paused_providers
from generation.worker.executor import write_due

pytestmark = pytest.mark.django_db


def seconds_left() -> float:
    return (ProviderPause.objects.get().until - timezone.now()).total_seconds()


def end_pause() -> None:
    ProviderPause.objects.update(until=timezone.now() - timedelta(seconds=1))
    Generation.objects.update(not_before=None)


def test_the_provider_is_not_called_before_the_named_moment(model_server):
    request_post()
    model_server.answer(Behaviour(status=429, retry_after=1000))
    write_due()
    request_post()

    write_due()

    assert len(model_server.calls) == 1
    assert 990 < seconds_left() < 1000
    assert list(Generation.objects.order_by("id").values_list("attempts", flat=True)) == [0, 0]


def test_the_moment_may_be_a_date(model_server):
    request_post()
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=1000), usegmt=True)
    model_server.answer(Behaviour(status=429, retry_after=moment))

    write_due()

    assert 985 < seconds_left() < 1001


def test_a_refusal_uses_no_attempt_and_shows_when_it_goes_on(model_server):
    post = request_post()
    model_server.answer(Behaviour(status=429, retry_after=1000))

    write_due()

    generation = Generation.objects.get()
    assert (generation.status, generation.attempts, generation.failure_code) == (State.PENDING, 0, "rate_limited")
    assert generation.not_before is not None
    end_pause()
    write_due()
    post.refresh_from_db()
    assert post.status == Status.COMPLETED


def test_the_owner_sees_when_the_next_attempt_is_due(model_server, as_user):
    post = request_post()
    model_server.answer(Behaviour(status=429, retry_after=1000))
    write_due()

    shown = as_user(post.owner).get(f"/api/v1/blogs/{post.pk}/generations/1").json()["generation"]

    due = datetime.fromisoformat(shown["next_attempt_at"])
    assert due == Generation.objects.get().not_before == ProviderPause.objects.get().until
    assert 990 < (due - timezone.now()).total_seconds() < 1000


def test_many_refusals_within_the_hour_fail_no_post(model_server):
    post = request_post()
    model_server.answer(Behaviour(status=429), times=20)

    for _ in range(20):
        write_due()
        end_pause()
    post.refresh_from_db()
    assert post.status == Status.PENDING
    write_due()

    post.refresh_from_db()
    assert post.status == Status.COMPLETED


def test_refusals_after_the_hour_end_in_a_failure(model_server, settings):
    settings.GENERATION_ATTEMPTS = 2
    post = request_post()
    Generation.objects.update(created_at=timezone.now() - timedelta(hours=2))
    model_server.always(Behaviour(status=429))

    for _ in range(2):
        write_due()
        assert paused_providers() == {configured_provider().key}
        end_pause()

    post.refresh_from_db()
    assert post.failure is not None
    assert (post.status, post.failure["code"]) == (Status.FAILED, "rate_limited")


@pytest.mark.parametrize(("named", "least", "most"), [(0, 1.9, 3), (10**9, 25 * 3600 - 1, 25 * 3600), (None, 1.9, 3)])
def test_the_named_moment_is_capped(model_server, named, least, most):
    request_post()
    model_server.answer(Behaviour(status=429, retry_after=named))

    write_due()

    assert least < seconds_left() <= most


def test_refusals_in_a_row_double_the_pause():
    pauses = []
    for _ in range(4):
        pauses.append((pause("some provider", None) - timezone.now()).total_seconds())
        ProviderPause.objects.update(until=timezone.now() - timedelta(seconds=1))

    assert 1.9 <= pauses[0] <= 3
    assert 15.9 <= pauses[3] <= 24


def test_a_landing_ends_the_providers_row_of_refusals(model_server):
    request_post()
    another = ProviderPause.objects.create(provider="another", until=timezone.now(), refusals=3)
    model_server.answer(Behaviour(status=429))
    write_due()
    refused = ProviderPause.objects.exclude(pk=another.pk).get()
    end_pause()

    write_due()

    another.refresh_from_db()
    assert (refused.refusals, another.refusals) == (1, 3)
    refused.refresh_from_db()
    assert refused.refusals == 0


def test_refusals_of_calls_in_flight_together_count_once():
    for _ in range(10):
        pause("some provider", None)

    assert ProviderPause.objects.get().refusals == 1
    assert paused_providers() == {"some provider"}


def test_a_shorter_moment_does_not_end_a_longer_one():
    longer = pause("some provider", 100)

    assert pause("some provider", 1) == longer
    assert seconds_left() > 90


def test_pauses_and_refusals_of_two_providers_are_kept_apart():
    pause("another provider", 100)
    (another,) = ProviderPause.objects.values()

    for _ in range(2):
        pause("some provider", None)
        ProviderPause.objects.filter(provider="some provider").update(until=timezone.now() - timedelta(seconds=1))
    assert ProviderPause.objects.get(provider="some provider").refusals == 2
    end_refusals("some provider")

    assert ProviderPause.objects.get(provider="some provider").refusals == 0
    assert list(ProviderPause.objects.exclude(provider="some provider").values()) == [another]


def test_a_text_that_lands_while_its_provider_is_paused_ends_no_refusals():
    pause("some provider", 100)

    end_refusals("some provider")

    assert ProviderPause.objects.get().refusals == 1
    assert paused_providers() == {"some provider"}


def test_a_longer_moment_extends_a_pause():
    pause("some provider", 10)

    until = pause("some provider", 100)

    assert 90 < seconds_left() < 100
    assert ProviderPause.objects.get().until == until


@pytest.fixture(params=[-3600, 3600], ids=["an hour behind", "an hour ahead"])
def wrong_clock(request, monkeypatch):
    """Set this host's clock wrong; the database's is right."""
    shift = timedelta(seconds=request.param)

    class Wrong(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + shift  # a plain one, which goes into messages

    monkeypatch.setattr(timezone, "datetime", Wrong)
    assert abs(timezone.now() - shift - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_rate_limit_ends_when_the_provider_said_whatever_this_hosts_clock_shows(model_server, wrong_clock):
    post = request_post()
    model_server.answer(Behaviour(status=429, retry_after=5))

    write_due()

    waits = Generation.objects.annotate(waits=F("not_before") - Now()).values_list("waits", flat=True).get()
    paused = ProviderPause.objects.annotate(left=F("until") - Now()).values_list("left", flat=True).get()
    assert timedelta() < waits <= timedelta(seconds=5)
    assert timedelta() < paused <= timedelta(seconds=5)
    assert fresh(post).status == Status.PENDING
    assert Generation.objects.get().attempts == 0
