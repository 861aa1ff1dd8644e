"""Work in the database waits for as long as its process lives; what waiting does not end fails at once."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError, InternalError, OperationalError

from generation.worker import database_thread, shutdown
from generation.worker.database_thread import database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[None]:
    """Retry without delay, under a lease that is over at once."""
    monkeypatch.setattr(database_thread, "RETRY_EVERY", 0.001)
    settings.GENERATION_LEASE = 0.001
    yield
    shutdown._stopping.value = 0.0


class Server:
    """Fails so many times, then answers."""

    def __init__(self, error: Exception, times: float) -> None:
        self.error, self.times, self.asked = error, times, 0

    def __call__(self) -> str:
        self.asked += 1
        if self.asked <= self.times:
            raise self.error
        return "done"


def run(function: Callable[[], str]) -> str:
    async def within_a_minute() -> str:
        async with asyncio.timeout(60):
            return await database(function)

    return async_to_sync(within_a_minute)()


def read_only() -> InternalError:
    error = InternalError("cannot execute UPDATE in a read-only transaction")
    error.__cause__ = type("ReadOnly", (Exception,), {"sqlstate": "25006"})()
    return error


@pytest.mark.parametrize("error", [OperationalError("the server closed the connection"), read_only()])
def test_it_tries_again_for_longer_than_any_lease(error, caplog):
    server = Server(error, times=50)

    assert run(server) == "done"

    assert server.asked == 51
    assert caplog.text.count("database unavailable") == 1


def test_what_waiting_does_not_end_fails_at_once():
    server = Server(IntegrityError("twice"), times=1)

    with pytest.raises(IntegrityError):
        run(server)

    assert server.asked == 1


def test_a_stopping_worker_waits_no_longer_than_its_grace_period(settings):
    settings.GENERATION_GRACE = 0.05
    shutdown.ask_to_stop()

    with pytest.raises(OperationalError):
        run(Server(OperationalError("away"), times=float("inf")))
