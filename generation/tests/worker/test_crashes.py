"""A worker that dies before or after any of its writes and commits leaves a history that converges."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection

from blogs.models import Revision, Status
from blogsite.testing.model_server import Behaviour
from blogsite.testing.posts import request_post
from blogsite.testing.workers import lose_process
from generation.models import State
from generation.worker.executor import write_due

pytestmark = pytest.mark.django_db(transaction=True)

PARTS = 4  # the moments are shared out among so many tests
CALLS = 2  # of one post: its plan and its draft
WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE)")


class Crash(BaseException):
    """The process is gone: from here on it does nothing."""


@dataclass
class Death:
    """Ends the process at its `moment`-th chance; there is one before and one after each write and commit."""

    moment: int = 10**9
    chances: int = 0
    dead: bool = False
    seen: list[str] = field(default_factory=list)

    def chance(self, what: str) -> None:
        self.seen.append(what)
        self.dead = self.dead or self.chances >= self.moment
        self.chances += 1
        if self.dead:
            raise Crash

    def around_statement(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if self.dead:
            raise Crash
        if not WRITE.match(sql):
            return execute(sql, *rest)
        self.chance(f"before {sql[:40]}")
        result = execute(sql, *rest)
        self.chance(f"after {sql[:40]}")
        return result

    @contextmanager
    def threatening(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        commit = connection._commit  # type: ignore[attr-defined]

        def around_commit() -> None:
            self.chance("before commit")
            commit()
            self.chance("after commit")

        with monkeypatch.context() as patch, connection.execute_wrapper(self.around_statement):
            patch.setattr(connection, "_commit", around_commit)
            yield
        if self.dead:
            connection.in_atomic_block = False  # it died in one: nobody is left to end it
            connection.close()  # what was not committed is lost


def work_until_death(death: Death, monkeypatch: pytest.MonkeyPatch) -> None:
    with death.threatening(monkeypatch):
        try:
            write_due()
        except BaseException:  # also what the driver says of a transaction that nobody ended
            if not death.dead:
                raise


@pytest.mark.parametrize("part", range(PARTS))
def test_a_crash_at_any_moment_leads_to_one_landing(model_server, monkeypatch, part):
    rehearsal = Death()
    request_post()
    work_until_death(rehearsal, monkeypatch)
    assert rehearsal.chances >= 10

    for moment in range(part, rehearsal.chances, PARTS):
        model_server.reset()
        post, death = request_post(), Death(moment)

        work_until_death(death, monkeypatch)
        lose_process()
        write_due()

        post.refresh_from_db()
        generation = post.generations.get()
        assert death.dead or moment >= 10, "an executor has fewer moments only when it renews fewer leases"
        assert (post.status, post.revision) == (Status.COMPLETED, 1), death.seen[-1]
        assert (generation.status, generation.landing) == (State.COMPLETED, "landed"), death.seen[-1]
        assert Revision.objects.filter(post=post).count() == 1
        assert len(model_server.calls) <= 2 * CALLS
        assert generation.deaths <= 1


def test_a_text_that_was_committed_is_not_written_again(model_server, monkeypatch):
    rehearsal = Death()
    request_post()
    work_until_death(rehearsal, monkeypatch)
    last_commit = max(n for n, what in enumerate(rehearsal.seen) if what == "after commit")
    model_server.reset()
    post = request_post()

    work_until_death(Death(last_commit), monkeypatch)
    lose_process()
    write_due()

    post.refresh_from_db()
    assert post.status == Status.COMPLETED
    assert len(model_server.calls) == CALLS


@pytest.mark.parametrize("part", range(PARTS))
def test_a_crash_at_any_moment_of_a_failure_leads_to_a_text_or_a_failure(model_server, monkeypatch, part):
    model_server.always(Behaviour(status=401))
    rehearsal = Death()
    request_post()
    work_until_death(rehearsal, monkeypatch)

    for moment in range(part, rehearsal.chances, PARTS):
        post = request_post()

        work_until_death(Death(moment), monkeypatch)
        lose_process()
        write_due()

        post.refresh_from_db()
        assert post.status == Status.FAILED, rehearsal.seen[moment]
        assert post.failure is not None
        assert post.failure["code"] == "provider_rejected"
