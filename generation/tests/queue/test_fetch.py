"""A worker leases what is due, in whole rows: no other worker's, and no other provider's."""

from dataclasses import astuple
from datetime import timedelta

import pytest
from django.utils import timezone

from blogs.models import Status
from blogsite.testing.posts import NOW, FromNow, changes_of, rows_of_others
from generation.costs import Usage
from generation.llm.providers import configured_provider
from generation.models import POISON_AFTER, ProviderPause, State
from generation.queue.fetch import fetch_due, is_due
from generation.queue.losses import DEATHS_MAX, UNREACHABLE
from generation.queue.rate_limits import pause
from generation.tests.baker_recipes import abandoned, waiting, written

pytestmark = pytest.mark.django_db

LEASE = 1000  # seconds
PROVIDER = configured_provider().key
HOUR = timedelta(hours=1)
PAID_USAGE = Usage(prompt_tokens=10, completion_tokens=5, calls=1)
PAID = {"seed": 7, "answers": {"a request's hash": ["A plan.", astuple(PAID_USAGE)]}}


@pytest.fixture(autouse=True)
def lease(settings):
    settings.GENERATION_LEASE = LEASE


def fetch(limit=10, **how):
    return fetch_due(limit, "one:1", **how)


def ids(rows):
    return [row.id for row in rows]


def left_alone():
    """Make what nobody may fetch: generations that are postponed, leased to another worker, or ended."""
    return [
        waiting.make(not_before=timezone.now() + HOUR),
        abandoned.make(lease_until=timezone.now() + HOUR, stage="write", done=1, total=2),
        written.make(stage="check", done=1, total=1),
    ]


def test_a_due_generation_is_leased_and_nothing_else_changes():
    left_alone()
    before = timezone.now() - HOUR
    due = waiting.make(attempts=2, deaths=1, not_before=before, stage="write", done=3, total=5, started_at=before)
    later = waiting.make(turn=1)
    others = rows_of_others(due.post)

    (claim,) = fetch(limit=1)

    assert changes_of(due) == {
        "status": State.IN_PROGRESS,
        "token": claim.token,
        "lease_until": FromNow(LEASE),
        "attempts": 3,
        "worker": "one:1",
        "not_before": None,
        "started_at": NOW,
        "stage": "",
        "done": 0,
        "total": 0,
    }
    assert rows_of_others(due.post) == others
    assert ids(fetch()) == [later.pk]


def test_the_post_of_a_leased_generation_is_in_progress():
    left_alone()
    due = waiting.make(post__failure={"code": "timeout"}, post__updated_at=timezone.now() - HOUR)

    fetch()

    assert changes_of(due.post) == {
        "status": Status.IN_PROGRESS,
        "failure": None,
        "progress": {"stage": "start", "done": 0, "total": 0},
        "version": due.post.version + 1,
        "updated_at": NOW,
    }


def test_a_claim_has_what_its_worker_needs():
    left_alone()
    waiting.make()
    due = waiting.make(
        turn=1, brief_title="Rye", brief="rye; water", attempts=2, request_id="req-4711", prompt_tokens=100, steps=PAID
    )

    claim = fetch()[1]

    due.refresh_from_db()
    assert (claim.id, claim.post_id, claim.token) == (due.pk, due.post_id, due.token)
    assert (claim.worker, claim.provider.key, claim.attempts) == ("one:1", PROVIDER, 3)
    assert (claim.brief_title, claim.brief, claim.options) == ("Rye", "rye; water", due.options)
    assert (claim.request_id, claim.may_be_poison, claim.lost_by) == ("req-4711", False, "")
    assert (claim.paid_answers.spent, claim.paid_answers.usage, claim.paid_answers.seed) == (100, PAID_USAGE, 7)


def test_generations_fetched_together_share_a_token_that_no_other_fetch_has():
    for turn in range(3):
        waiting.make(turn=turn)

    one, two = fetch(limit=2)
    (three,) = fetch_due(1, "two:2")

    assert one.token == two.token != three.token


def test_what_another_host_abandoned_is_taken_over_and_nobody_is_said_to_have_died():
    left_alone()
    alive, lost = waiting.make(deaths=1, worker="elsewhere:1"), abandoned.make(turn=1, worker="elsewhere:2", attempts=2)

    claims = fetch()

    assert [claim.lost_by for claim in claims] == ["", "elsewhere:2"]
    assert [claim.attempts for claim in claims] == [1, 3]
    assert "unreachable" not in changes_of(alive)
    assert changes_of(lost) == {
        "token": claims[1].token,
        "lease_until": FromNow(LEASE),
        "attempts": 3,
        "unreachable": 1,
        "worker": "one:1",
        "started_at": NOW,
    }


def test_a_host_takes_nothing_from_its_own_processes_however_long_they_are_silent():
    abandoned.make(worker="one:4711:2")
    others = rows_of_others()

    assert not is_due("one:1")
    assert fetch() == []
    assert rows_of_others() == others
    assert len(fetch_due(10, "two:1")) == 1


def test_what_another_host_abandoned_in_its_last_attempt_is_given_up(settings, caplog):
    settings.GENERATION_ATTEMPTS = 4
    left_alone()
    spared = waiting.make(deaths=DEATHS_MAX, attempts=4)  # nobody was lost with it just now
    lost = abandoned.make(turn=1, attempts=4)
    others = rows_of_others(lost.post, spared.post)

    assert ids(fetch()) == [spared.pk]

    lost.refresh_from_db()
    assert (lost.status, lost.failure_code, lost.token) == (State.FAILED, "worker_lost", None)
    assert (lost.deaths, lost.unreachable, lost.failure_message) == (0, 1, UNREACHABLE)
    assert rows_of_others(lost.post, spared.post) == others
    assert "step=given_up" in caplog.text


def test_a_claim_says_whether_its_generation_may_be_poison():
    waiting.make(deaths=POISON_AFTER - 1)
    waiting.make(turn=1, deaths=POISON_AFTER)

    assert [claim.may_be_poison for claim in fetch()] == [False, True]


@pytest.mark.parametrize(("most", "fetched"), [(1, [0, 2, 3]), (2, [0, 1, 2, 3])])
def test_no_more_poison_is_fetched_than_the_worker_has_room_for(most, fetched):
    poison = [waiting.make(turn=turn, deaths=POISON_AFTER) for turn in range(2)]
    rows = [*poison, *(waiting.make(turn=turn) for turn in range(2, 4))]
    held_back = [row for number, row in enumerate(rows) if number not in fetched]

    claims = fetch(poison_max=most)

    assert ids(claims) == [rows[number].pk for number in fetched]
    assert all(changes_of(row) == changes_of(row.post) == {} for row in held_back)


def test_without_room_for_poison_it_does_not_keep_others_waiting():
    waiting.make(deaths=POISON_AFTER)
    abandoned.make(turn=1, deaths=POISON_AFTER)
    healthy, doubtful = waiting.make(turn=2), waiting.make(turn=3, deaths=POISON_AFTER - 1)

    assert ids(fetch(limit=2, poison_max=0)) == [healthy.pk, doubtful.pk]


def test_nothing_is_fetched_while_its_provider_is_paused():
    for turn in range(2):
        waiting.make(turn=turn)
    pause(PROVIDER, 1000)
    others = rows_of_others()

    assert fetch() == []

    assert rows_of_others() == others
    ProviderPause.objects.all().delete()
    assert len(fetch()) == 2


def test_something_is_due_only_for_a_provider_that_may_be_called():
    left_alone()
    assert not is_due("one:1")
    waiting.make()

    pause("another provider", 1000)
    assert is_due("one:1")
    pause(PROVIDER, 1000)
    assert not is_due("one:1")


def test_nothing_due_is_nothing_fetched():
    left_alone()
    others = rows_of_others()

    assert fetch() == []
    assert rows_of_others() == others
