"""The fault trial: `python -m blogsite.benchmarks.faults [--database D] [--posts N] [--faults K] [--seed S] [--json]`.

Real processes (web, workers, a loopback model), faults one after the other, clients and editors who keep working, and
at the end an audit. A control run does the same to the by-the-book form of the service: a trial that found nothing
wrong with that would prove nothing.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from blogsite.benchmarks.harness.clock import Clock
from blogsite.benchmarks.harness.deployment import Deployment, scratch_database, use_database
from blogsite.benchmarks.harness.relay import Relay
from blogsite.testing.disks import can_be_mounted

DISK_MB = {"sqlite": 150, "postgresql": 400}  # of the database, which is filled to the last byte for a while
WORKERS, PROCESSES, CONCURRENCY = 2, 2, 5  # `manage.py worker`s, processes of each, posts that each of those writes
DELAY = 0.4  # seconds that the model takes for a call
CONTROL_SETTINGS = "blogsite.benchmarks.by_the_book.settings"
CONTROL_TIMEOUT, CONTROL_RETRY = 4.5, 6  # leases: with production's, the 90 and 120 s of Django-Q2's example
HEADINGS = ("product", "control")


def settings(lease: float) -> dict[str, str]:
    """Return the environment of a deployment whose leases last `lease` seconds, with short deadlines."""
    return {
        "GENERATION_WORKERS": str(PROCESSES),
        "GENERATION_CONCURRENCY": str(CONCURRENCY),
        "GENERATION_LEASE": str(lease),
        "GENERATION_RENEW_EVERY": str(lease / 4),
        "GENERATION_CALL_DEADLINE": "6",
        "GENERATION_GRACE": "1",
        "BUDGET_USER_DAY": "100",
        "BUDGET_SITE_DAY": "1000",
        "POSTS_USER_DAY": "off",
    }


def control_settings(lease: float) -> dict[str, str]:
    """Return what is different for the by-the-book form; its times are as much shorter as the lease."""
    return {
        "DJANGO_SETTINGS_MODULE": CONTROL_SETTINGS,
        "BY_THE_BOOK_TIMEOUT": str(round(CONTROL_TIMEOUT * lease)),
        "BY_THE_BOOK_RETRY": str(round(CONTROL_RETRY * lease)),
    }


def run(options: argparse.Namespace, *, by_the_book: bool) -> dict[str, Any]:
    """Run one trial in this process, which becomes part of the deployment, and return its findings."""
    environment = settings(options.lease)
    if by_the_book:
        environment |= control_settings(options.lease)
    with ExitStack() as stack:
        disk_mb = DISK_MB[options.database] if can_be_mounted() else 0
        scratch, url, postgres = stack.enter_context(scratch_database(options.database, disk_mb))
        relay = stack.enter_context(Relay(postgres.port)) if postgres and not by_the_book else None
        use_database(url, environment)
        from blogsite.benchmarks.faults import kinds
        from blogsite.benchmarks.faults.audit import audit, audit_by_the_book
        from blogsite.benchmarks.faults.scene import Scene
        from blogsite.benchmarks.faults.trial import Trial

        chance = random.Random(options.seed)
        possible = kinds.BY_THE_BOOK if by_the_book else kinds.EVERY
        wanted = chosen(possible, options.kinds)
        faults = choose(wanted, options.faults or len(wanted), chance)
        clocks = make_clocks(stack, options.database)
        here = clocks["here"].environment if "here" in clocks else {}
        command = "qcluster" if by_the_book else "worker"
        # Not on the database's disk, which may be full.
        log = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="blogsite-log-"))) / "log"
        web = clocks["web"].environment if "web" in clocks else {}
        with Deployment(url, log, environment | here, DELAY, command, web) as deployment:
            capacity = WORKERS * PROCESSES * CONCURRENCY
            # By the book, what a dead worker had is delivered again after so long, and no sooner.
            quiet_within = 10 + CONTROL_RETRY * options.lease if by_the_book else 20 + 10 * options.lease
            disk = scratch if disk_mb else None
            scene = Scene(deployment, postgres, relay, disk, clocks, chance, options.lease, capacity)
            trial = Trial(scene, options.gap, quiet_within)
            evidence = trial.run(options.posts, faults, 1 if by_the_book else WORKERS)
            findings = audit_by_the_book(evidence) if by_the_book else audit(evidence)
        if options.keep_log and not by_the_book:
            shutil.copyfile(log, options.keep_log)
    counted = {"database": options.database, "posts": len(evidence.memory.posts), "faults": len(faults)}
    return counted | findings


def make_clocks(stack: ExitStack, database: str) -> dict[str, Clock]:
    """Return the clocks that can be set wrong, one for each host; none without a compiler."""
    if not Clock.can_be_made():
        return {}
    place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="blogsite-clocks-")))
    return {name: Clock(place, name) for name in (("here",) if database == "sqlite" else ("web", "elsewhere"))}


def chosen(possible: Mapping[str, Any], names: str) -> Mapping[str, Any]:
    """Return the kinds whose names begin with one of these, which commas separate; all if there are none."""
    wanted = tuple(filter(None, names.split(",")))
    return {name: fault for name, fault in possible.items() if name.startswith(wanted)} if wanted else possible


def choose(kinds: Mapping[str, Any], number: int, chance: random.Random) -> list[tuple[str, Any]]:
    """Return `number` faults in random order, each kind as often as the others."""
    names = sorted(kinds)
    rounds = [chance.sample(names, len(names)) for _ in range(-(-number // len(names)))]
    return [(name, kinds[name]) for names_of_round in rounds for name in names_of_round][:number]


def run_control(arguments: list[str]) -> dict[str, Any]:
    """Run the control in a process of its own, since its settings differ."""
    command = [sys.executable, "-m", "blogsite.benchmarks.faults", *arguments, "--only-control", "--json"]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    findings: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return findings


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m blogsite.benchmarks.faults", description=__doc__)
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--posts", type=int, default=1000)
    options.add_argument("--faults", type=int, default=100, help="how many; 0: one of each kind")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--lease", type=float, default=20.0, help="seconds; 20 is production's")
    options.add_argument("--gap", type=float, default=3.0, help="seconds between two faults")
    options.add_argument("--kinds", default="", help="only those whose names begin so, separated by commas")
    options.add_argument("--json", action="store_true", help="print the findings as one line")
    options.add_argument("--at-once", action="store_true", help="run the by-the-book form meanwhile, not afterwards")
    options.add_argument("--no-control", action="store_true", help="skip the by-the-book run")
    options.add_argument("--only-control", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--keep-log", type=Path, help="a file for the log of all processes")
    return options


def show(findings: Mapping[str, Any]) -> None:
    control = findings.get("control") or {}
    print(f"{'':<24}{HEADINGS[0]:>12}{HEADINGS[1]:>12}")
    for name, value in findings.items():
        if isinstance(value, dict) and name != "control":
            print(f"{name:<24}{len(value):>12}{len(control.get(name, ())):>12}")
            for kind, times in value.items():
                print(f"  {kind:<24}{times:>10}{cell(control.get(name, {}).get(kind)):>12}")
        elif name != "control":
            print(f"{name:<24}{cell(value):>12}{cell(control.get(name)):>12}")


def cell(value: object) -> str:
    return "-" if value is None else str(value)


def main(arguments: list[str]) -> int:
    """Run the trial; return 1 if a promise was broken, or if the control showed no loss."""
    options = parser().parse_args(arguments)
    if options.only_control:
        print(json.dumps(run(options, by_the_book=True)))
        return 0
    with ThreadPoolExecutor(max_workers=1) as meanwhile:
        control = meanwhile.submit(run_control, arguments) if options.at_once and not options.no_control else None
        findings = run(options, by_the_book=False)
    if not options.no_control:
        findings["control"] = control.result() if control else run_control(arguments)
    print(json.dumps(findings)) if options.json else show(findings)
    return 0 if has_passed(findings) else 1


def has_passed(findings: Mapping[str, Any]) -> bool:
    """Whether every promise was kept, and the control showed that the faults were real."""
    broken = ("lost", "stuck", "doubled_posts", "double_landings", "stale_landings", "human_texts_lost", "paid_twice")
    kept = not any(findings[name] for name in broken)
    control = findings.get("control")
    real = control is None or any(control[name] for name in ("lost", "stuck", "double_landings", "human_texts_lost"))
    within = findings["over_budget"] == 0 and findings["reserved_at_end"] == 0
    paid = findings["server_bill"] <= findings["spent"] <= findings["spent_at_most"]
    return kept and real and within and paid and findings["model_calls"] <= findings["model_calls_allowed"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
