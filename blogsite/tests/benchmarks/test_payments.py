"""What the fault trial counts as paid twice."""

from typing import Any

import pytest

from blogsite.benchmarks.faults.payments import Reason, repeated
from blogsite.benchmarks.faults.worker_log import Attempt, Step

MARK = "0123456789abcdef" * 2
FIRST, SECOND = 10.0, 40.0  # when the call and the same call again arrived


def call(arrived: float, **more: Any) -> dict[str, Any]:
    body = {"messages": [{"role": "user", "content": f"Write about {MARK}."}]}
    return {"body": body, "arrived": arrived, "ended": arrived + 1, "disconnected": False, "is_scripted": False} | more


def step(at: float, name: str, pid: int, generation: int = 7, **more: Any) -> Step:
    return Step(at, name, generation, 1, pid, **more)


def reasons(
    end: Step | None, *, deaths: Any = (), lost_by: str = "", generation: int = 7, **first: Any
) -> dict[Reason, int]:
    """Return what is counted when a call is made again, after an attempt that ended so."""
    attempts = [Attempt(step(9, "fetched", 1), end), Attempt(step(39, "fetched", 2, generation, lost_by=lost_by))]
    return dict(repeated([call(FIRST, **first), call(SECOND)], attempts, deaths, {MARK: {7, 8}}))


@pytest.mark.parametrize(
    "found",
    [
        reasons(None, deaths=[(11.0, {1})]),
        reasons(step(30, "lost", 1, why="died")),
        reasons(step(30, "lost", 1, why="stopped")),
        reasons(step(11, "handed_back", 1), disconnected=True),
        reasons(step(11, "failed", 1), disconnected=True),
        reasons(step(11, "failed", 1), is_scripted=True),
        reasons(step(17, "failed", 1, code="timeout")),
        reasons(step(11, "landed", 1), generation=8),
        reasons(step(11, "lease_lost", 1), ended=None),
    ],
)
def test_a_call_that_is_needed_again_is_not_counted(found):
    assert found == {}


@pytest.mark.parametrize(
    "found",
    [
        reasons(None),
        reasons(None, deaths=[(11.0, {3}), (60.0, {1})]),
        reasons(step(45, "dropped", 1)),
        reasons(step(41, "lease_lost", 1), disconnected=True),
        reasons(step(30, "lost", 1, why="forgot")),
        reasons(step(11, "failed", 1)),
    ],
)
def test_a_call_is_paid_twice_when_nobody_died(found):
    assert found == {Reason.SILENCE: 1}


def test_a_silent_host_that_is_back_and_makes_the_same_call_is_counted_apart():
    silent = Attempt(step(9, "fetched", 1), step(43, "lease_lost", 1))
    other = Attempt(step(20, "fetched", 2, lost_by="elsewhere:1:1"), step(25, "landed", 2))

    found = repeated([call(21), call(SECOND)], [silent, other], [], {MARK: {7}})

    assert dict(found) == {Reason.UNREACHABLE: 1}


def test_a_call_of_a_silent_host_is_counted_apart_though_who_took_over_died_before_making_it():
    silent = Attempt(step(9, "fetched", 1))
    died = Attempt(step(20, "fetched", 2, lost_by="elsewhere:1:1"), step(21, "lost", 2, why="died"))
    third = Attempt(step(39, "fetched", 3), step(41, "landed", 3))

    found = repeated([call(FIRST), call(SECOND)], [silent, died, third], [], {MARK: {7}})

    assert dict(found) == {Reason.UNREACHABLE: 1}


@pytest.mark.parametrize(
    "found", [reasons(step(45, "dropped", 1), lost_by="elsewhere:1:1"), reasons(step(30, "lost", 1, why="unreachable"))]
)
def test_what_a_silent_host_was_writing_is_counted_apart(found):
    assert found == {Reason.UNREACHABLE: 1}
