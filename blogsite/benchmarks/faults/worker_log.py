"""What the workers' log lines show: every attempt, how it ended, and how soon lost ones were fetched again."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LINE = re.compile(r"^(?P<at>[\d.]+) .*? step=(?P<step>\w+) (?P<facts>.*)$")
FACT = re.compile(r"(\w+)=(\S+)")
# Steps of a worker, and its loss, which others log; all others are those of people.
STEPS = {"fetched", "landed", "proposed", "dropped", "failed", "lease_lost", "handed_back", "lost"}


@dataclass(frozen=True)
class Step:
    """One line; `at` is a Unix time in seconds."""

    at: float
    step: str
    generation: int
    attempt: int
    pid: int
    calls: int = 0
    why: str = ""  # of a loss
    lost_by: str = ""  # the worker on another host that held it before this fetch
    code: str = ""  # of a failure


def steps(log: Path) -> Iterator[Step]:
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            if (match := LINE.match(line)) and match["step"] in STEPS:
                first, _, why = match["facts"].partition(" why=")
                facts = dict(FACT.findall(first))
                yield Step(
                    float(match["at"]),
                    match["step"],
                    int(facts["generation"]),
                    int(facts["attempt"]),
                    int(facts["worker"].rpartition(":")[2]),
                    int(facts.get("calls", 0)),
                    why.partition(" ")[0],
                    facts.get("lost_by", ""),
                    facts.get("code", ""),
                )


@dataclass
class Attempt:
    fetched: Step
    ended: Step | None = None


def attempts(log: Path) -> list[Attempt]:
    """Return all attempts in the order they began; one that never ended died with its worker."""
    found: list[Attempt] = []
    open_ones: dict[tuple[int, int], Attempt] = {}
    for step in steps(log):
        if step.step == "fetched":
            found.append(Attempt(step))
            open_ones[step.generation, step.pid] = found[-1]
        elif attempt := open_ones.pop((step.generation, step.pid), None):
            attempt.ended = step
    return found


def recoveries(
    all_attempts: list[Attempt], deaths: Iterable[tuple[float, set[int]]], outages: Iterable[tuple[float, float]]
) -> list[float]:
    """Return, for each attempt that died, the seconds from its worker's death to the next fetch of its generation.

    Args:
        all_attempts: see `attempts`.
        deaths: when which processes were killed.
        outages: from when to when nobody could recover; that time does not count.
    """
    found, pauses = [], list(outages)
    for at, pids in deaths:
        for attempt in all_attempts:
            step, ended = attempt.fetched, attempt.ended
            if step.pid in pids and step.at < at and (ended is None or ended.at > at):
                later = [a.fetched.at for a in all_attempts if a.fetched.generation == step.generation]
                if after := [moment for moment in later if moment > at]:
                    paused = sum(max(0.0, min(end, min(after)) - max(begin, at)) for begin, end in pauses)
                    found.append(min(after) - at - paused)
    return found
