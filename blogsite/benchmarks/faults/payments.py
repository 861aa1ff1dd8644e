"""Which calls were paid twice: needed neither by a death, nor by a stop, nor by a bad answer."""

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from enum import StrEnum
from itertools import pairwise
from typing import Any

from blogsite.benchmarks.faults.worker_log import Attempt

MARK = re.compile(r"[0-9a-f]{32}")
SLACK = 1.0  # seconds between a step and the line that says so
OF_DEATH = ("died", "stopped")
Call = dict[str, Any]
Deaths = Iterable[tuple[float, set[int]]]


class Reason(StrEnum):
    """Why a call was made a second time although nobody had died."""

    SILENCE = "silence"
    UNREACHABLE = "unreachable"  # its first host was cut off, and may have been dead


def prompt(call: Call) -> str:
    return " ".join(str(message.get("content", "")) for message in call["body"].get("messages", []))


def repeated(
    calls: Iterable[Call], attempts: list[Attempt], deaths: Deaths, generations: Mapping[str, set[int]]
) -> Counter[Reason]:
    """Return how many calls were made again without need.

    Args:
        calls: what the model server received.
        attempts: from the workers' log.
        deaths: when which processes were killed.
        generations: the ids of those that have the brief with each mark.
    """
    same: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for call in sorted(calls, key=lambda call: float(call["arrived"])):
        if marks := MARK.findall(prompt(call)):
            same[marks[0], json.dumps(call["body"]["messages"])].append(call)
    by_generation: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_generation[attempt.fetched.generation].append(attempt)
    found: Counter[Reason] = Counter()
    for (mark, _), alike in same.items():
        possible = [attempt for pk in generations.get(mark, ()) for attempt in by_generation[pk]]
        for first, second in pairwise(alike):
            if reason := reason_of(first, second, possible, list(deaths)):
                found[reason] += 1
                if reason == Reason.SILENCE:
                    explain(first, second, possible)
    return found


def reason_of(first: Call, second: Call, attempts: list[Attempt], deaths: Deaths) -> Reason | None:
    """Return why a call was made again, or None if it was needed."""
    if first["is_scripted"] or first["ended"] is None:
        return None
    ones, others = attempts_at(first["arrived"], attempts), attempts_at(second["arrived"], attempts)
    pairs = [(one, other) for one in ones for other in others]
    # Which of two attempts at the same moment made a call is not known: it is the one that explains it.
    pairs = [(one, other) for one, other in pairs if one is not other] or pairs
    silent = {attempt.fetched.lost_by for attempt in attempts}
    reasons = {reason_between(first, second, one, other, deaths, silent) for one, other in pairs}
    if not reasons or None in reasons:
        return None
    return Reason.UNREACHABLE if Reason.UNREACHABLE in reasons else Reason.SILENCE


def reason_between(
    first: Call, second: Call, one: Attempt, other: Attempt, deaths: Deaths, silent: Set[str]
) -> Reason | None:
    if one.fetched.generation != other.fetched.generation or ended_by_death(one, first, second, deaths):
        return None
    end = one.ended.step if one.ended else ""
    if first["disconnected"] and end in ("failed", "handed_back"):
        return None  # it was in flight when its attempt ended in order
    if one.ended and one.ended.code == "timeout":
        return None  # its answer came after its deadline: on a busy machine the server may have sent all of it
    # The host that was silent may go on when it is back, with the same call that the other has made meanwhile.
    was_silent = one.fetched.lost_by or other.fetched.lost_by or is_unreachable(one, silent)
    return Reason.UNREACHABLE if was_silent else Reason.SILENCE


def explain(first: Call, second: Call, attempts: Iterable[Attempt]) -> None:
    """Say on stderr which call was paid twice, for whoever reads a failed trial."""
    print(f"paid twice: {of_call(first)}, then {of_call(second)}; the post's attempts:", file=sys.stderr)
    for attempt in attempts:
        print(f"  {attempt.fetched} -> {attempt.ended}", file=sys.stderr)


def of_call(call: Call) -> str:
    return f"{call['arrived']:.3f} to {call['ended'] or 0:.3f}{' (disconnected)' if call['disconnected'] else ''}"


def attempts_at(moment: float, attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the attempts that may have made a call: those under way then."""
    return [
        attempt
        for attempt in attempts
        if attempt.fetched.at <= moment + SLACK and (attempt.ended is None or moment <= attempt.ended.at + SLACK)
    ]


def ended_by_death(attempt: Attempt, first: Call, second: Call, deaths: Deaths) -> bool:
    if attempt.ended and attempt.ended.step == "lost":
        return attempt.ended.why in OF_DEATH
    pid = attempt.fetched.pid
    return any(pid in pids and first["arrived"] - SLACK <= at <= second["arrived"] for at, pids in deaths)


def is_unreachable(attempt: Attempt, silent: Set[str]) -> bool:
    """Whether an attempt was taken over from a silent host, be it by the next attempt or by one that died meanwhile."""
    was_taken = any(worker.endswith(f":{attempt.fetched.pid}") for worker in silent)
    return was_taken or (attempt.ended is not None and attempt.ended.why == Reason.UNREACHABLE)
