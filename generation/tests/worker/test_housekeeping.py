"""Housekeeping: what has expired is deleted, in pieces, whatever fails beside it."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import Invitation, LoginSession, OutgoingMail, PasswordAttempts, RequestCount, User, login_session
from accounts.tests.baker_recipes import writer
from blogs.models import StoredAnswer
from blogsite.testing.workers import eventually
from generation.budgets.periods import ALWAYS
from generation.models import Budget, ProviderPause
from generation.tests.baker_recipes import waiting
from generation.tests.worker.test_supervisor import away
from generation.worker import housekeeping
from generation.worker.housekeeping import FAILED, PIECE, Housekeeping, Job, jobs

pytestmark = pytest.mark.django_db(transaction=True)

HOUR, DAY, MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=30)
KINDS = (
    LoginSession,
    PasswordAttempts,
    RequestCount,
    Invitation,
    OutgoingMail,
    Session,
    StoredAnswer,
    ProviderPause,
)


def make_rows(label: str, ago: timedelta) -> None:
    """Make a row of each kind that expired so long ago; a negative time is one that is left."""
    ended = timezone.now() - ago
    user = writer.make(email=f"{label}@example.com")
    LoginSession.objects.create(user=user, token_id=label, expires_at=ended)
    PasswordAttempts.objects.create(key=label, last_at=ended - DAY)
    request_counts(ended, label)
    Invitation.objects.create(email=f"expired-{label}@example.com", expires_at=ended - MONTH)
    Invitation.objects.create(email=f"used-{label}@example.com", used_at=ended - MONTH)
    OutgoingMail.objects.create(kind="approved", to=f"{label}@example.com", attempts=32, not_before=ended - MONTH)
    Session.objects.create(session_key=label, session_data="", expire_date=ended)
    StoredAnswer.objects.create(user=user, key=label, created_at=ended - DAY)
    ProviderPause.objects.create(provider=label, until=ended - DAY)


def request_counts(ended: datetime, *keys: str) -> None:
    RequestCount.objects.bulk_create(RequestCount(key=key, ends_at=ended) for key in keys)


def left() -> dict[str, int]:
    return {kind.__name__: kind.objects.count() for kind in KINDS}


@pytest.fixture
def housework() -> Iterator[Housekeeping]:
    stopping = threading.Event()
    yield Housekeeping(stopping, jobs())
    stopping.set()


def in_a_thread(*housework: Housekeeping) -> None:
    """Have each do in a thread of its own what is due."""

    def look(worker: Housekeeping) -> None:
        try:
            worker.look()
        finally:
            connection.close()

    threads = [threading.Thread(target=look, args=(worker,)) for worker in housework]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def make_all_due(housework: Housekeeping) -> None:
    for job in housework.jobs:
        job.due_at = 0.0


def test_budgets_of_periods_long_over_are_deleted_unless_something_is_still_reserved(housework):
    today = timezone.now().date()
    this_month, long_ago = today.replace(day=1), (today - 3 * MONTH).replace(day=1)
    last_month = (this_month - DAY).replace(day=1)
    for kind, start in (
        ("day", long_ago), ("posts", long_ago), ("month", long_ago),
        ("day", today), ("month", this_month), ("month", last_month),
    ):  # fmt: skip
        Budget.objects.create(account="site", kind=kind, start=start)
    waiting.make(accounts="user:7", charged_on=long_ago, reserved=5)
    for kind, start, reserved in (("day", long_ago, 5), ("month", long_ago, 5), ("queue", ALWAYS, 1)):
        Budget.objects.create(account="user:7", kind=kind, start=start, reserved=reserved)

    housework.look()

    assert set(Budget.objects.values_list("account", "kind", "start")) == {
        ("site", "day", today), ("site", "month", this_month), ("site", "month", last_month),
        ("user:7", "day", long_ago), ("user:7", "month", long_ago), ("user:7", "queue", ALWAYS),
    }  # fmt: skip


def test_a_round_deletes_what_has_expired_and_leaves_the_rest(housework):
    make_rows("expired", ago=HOUR)
    make_rows("live", ago=-HOUR)

    housework.look()

    assert left() == dict.fromkeys([kind.__name__ for kind in KINDS], 1) | {"Invitation": 2}
    assert LoginSession.objects.get().token_id == PasswordAttempts.objects.get().key == "live"
    assert RequestCount.objects.get().key == Session.objects.get().session_key == "live"
    assert StoredAnswer.objects.get().key == ProviderPause.objects.get().provider == "live"
    assert {invitation.email.partition("-")[2] for invitation in Invitation.objects.all()} == {"live@example.com"}
    assert OutgoingMail.objects.get().to == "live@example.com"


def test_more_rows_than_a_piece_go_over_rounds_the_oldest_first(housework):
    now = timezone.now()
    request_counts(now - HOUR, *(f"late {number}" for number in range(10)))
    request_counts(now - DAY, *(f"early {number}" for number in range(PIECE)))

    housework.look()
    assert {key.split()[0] for key in RequestCount.objects.values_list("key", flat=True)} == {"late"}
    assert RequestCount.objects.count() == 10

    housework.look()
    assert not RequestCount.objects.exists()


def test_a_user_who_logs_in_without_end_keeps_the_newest_logins(housework, monkeypatch):
    monkeypatch.setattr(login_session, "MOST", 3)
    expires_at = timezone.now() + DAY
    for user in (writer.make(), writer.make(), writer.make()):
        for number in range(3 if user.pk % 2 else 6):
            moment = timezone.now() + timedelta(seconds=number)
            LoginSession.objects.create(user=user, token_id=str(number), created_at=moment, expires_at=expires_at)

    for _ in range(3):
        make_all_due(housework)
        housework.look()

    for user in User.objects.all():
        newest = ["0", "1", "2"] if user.pk % 2 else ["3", "4", "5"]
        assert sorted(user.login_sessions.values_list("token_id", flat=True)) == newest


def test_rows_that_another_transaction_holds_are_passed_over(housework):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite locks no rows")
    request_counts(timezone.now() - HOUR, "held", "free")

    with transaction.atomic():
        RequestCount.objects.select_for_update().get(key="held")
        in_a_thread(housework)

    assert RequestCount.objects.get().key == "held"


def test_many_workers_at_once_delete_each_row_once():
    request_counts(timezone.now() - HOUR, *map(str, range(3 * PIECE)))
    workers = [Housekeeping(threading.Event(), jobs()) for _ in range(3)]

    for _ in range(4):
        in_a_thread(*workers)

    assert not RequestCount.objects.exists()
    assert not any(worker.failing for worker in workers)


def failures(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.msg == FAILED]


def test_a_job_that_fails_is_named_once_and_the_others_are_done(housework, caplog):
    make_rows("expired", ago=HOUR)

    with away("accounts_passwordattempts"):
        for _ in range(3):
            make_all_due(housework)
            in_a_thread(housework)

    [failure] = failures(caplog)
    assert "password attempts" in failure
    assert left() == dict.fromkeys([kind.__name__ for kind in KINDS], 0) | {"PasswordAttempts": 1}
    make_all_due(housework)
    housework.look()
    assert not PasswordAttempts.objects.exists()


def test_a_database_that_is_away_is_named_once_and_asked_again(housework, caplog):
    make_rows("expired", ago=HOUR)

    def refuse(*args: object) -> None:
        raise OperationalError("could not connect")

    with connection.execute_wrapper(refuse):
        for _ in range(3):
            housework.look()
    assert len(failures(caplog)) == 1
    assert "Traceback" not in caplog.text

    make_all_due(housework)
    housework.look()
    assert left() == dict.fromkeys([kind.__name__ for kind in KINDS], 0)


def test_a_job_that_takes_long_is_not_waited_for_at_the_end(monkeypatch):
    monkeypatch.setattr(housekeeping, "TICK", 0.01)
    stopping, is_working, may_end = threading.Event(), threading.Event(), threading.Event()

    def work() -> bool:
        is_working.set()
        return may_end.wait()

    others = Job("the next", may_end.set, 0.0)  # type: ignore[arg-type]  # never called
    housework = Housekeeping(stopping, [Job("slow mail", work, 1.0), others])
    housework.start()
    is_working.wait()

    stopping.set()
    housework.end(0.1)

    assert housework.thread.is_alive()
    assert housework.thread.daemon
    may_end.set()
    housework.thread.join()
    assert others.due_at == 0.0


def test_a_real_worker_deletes_what_has_expired_and_stops_as_usual(start_worker):
    make_rows("expired", ago=HOUR)
    make_rows("live", ago=-HOUR)
    worker = start_worker()

    eventually(lambda: left() == dict.fromkeys([kind.__name__ for kind in KINDS], 1) | {"Invitation": 2})

    worker.end(grace=30)
    assert worker.exit_code == 0
    assert "Traceback" not in "\n".join(worker.last_lines)
