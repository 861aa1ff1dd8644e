"""A supervisor counts only the time in which it could see."""

import time

import pytest

from generation.worker import watch
from generation.worker.watch import Silences, WatchTime


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A monotonic clock that a test sets."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def look(watched: WatchTime, clock: list[float], seconds: float, *, succeeded: bool = True) -> None:
    clock[0] += seconds
    watched.look(succeeded=succeeded)


def test_time_runs_while_it_looks(clock):
    watched = WatchTime()

    for _ in range(3):
        look(watched, clock, 1)

    assert watched.seconds == 3


def test_time_stands_still_while_the_database_is_away_or_all_processes_are_stopped(clock):
    watched = WatchTime()

    look(watched, clock, 1, succeeded=False)
    look(watched, clock, 60)
    look(watched, clock, watch.LONGEST_LOOK)

    assert watched.seconds == watch.LONGEST_LOOK


def test_a_silence_counts_from_when_it_was_first_seen_and_ends_with_a_sign_of_life(clock):
    watched = WatchTime()
    silences = Silences(watched)
    seen = []

    for silent in [{"a"}, {"a", "b"}, {"b"}, {"a", "b"}, {"a", "b"}]:
        seen.append(silences.longer_than(1.5, silent))
        look(watched, clock, 1)

    assert seen == [[], [], [], ["b"], ["b"]]
