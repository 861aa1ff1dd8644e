"""What the benchmarks over HTTP have in common: options, tables, one clear line where they cannot run."""

import argparse
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table

from blogsite.benchmarks.harness.http_load import LoadFailed, Series, wrk
from blogsite.benchmarks.harness.postgres import MissingPostgres
from blogsite.benchmarks.peers.servers import check_packages

DATABASES = ("sqlite", "postgresql")
Measure = Callable[[str, int, int, int], dict[str, Any]]


def absolute(series: Series) -> dict[str, Any]:
    """Return each shot's best round: requests a second, and milliseconds of processor time for one."""
    return {
        "requests_per_s": {name: round(max(load.rate for load in loads)) for name, loads in series.items()},
        "cpu_ms": {name: round(min(load.cpu_ms for load in loads), 3) for name, loads in series.items()},
        "failed": sum(load.refused + load.broken for loads in series.values() for load in loads),
    }


def show(figures: dict[str, Any], targets: dict[str, str], console: Console) -> None:
    """Print one database's figures."""
    speeds = Table("asked", "a second, at best", "CPU ms", title=f"{figures['database']}, {figures['rows']} posts")
    for name, rate in figures["requests_per_s"].items():
        speeds.add_row(name, str(rate), str(figures["cpu_ms"][name]))
    table = Table("figure", "ratio", "target")
    for name, target in targets.items():
        table.add_row(name, "-" if figures[name] is None else str(figures[name]), target)
    console.print(speeds, table, f"load average {figures['load_average']}")


def options(name: str, what: str) -> argparse.Namespace:
    """Return the command line's options, which both benchmarks over HTTP have."""
    parser = argparse.ArgumentParser(prog=f"python -m blogsite.benchmarks.{name}", description=what)
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--rows", type=int, default=100_000, help="posts in the database (100000)")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is asked (5)")
    parser.add_argument("--seconds", type=int, default=2, help="how long each time (2)")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each database")
    return parser.parse_args()


def run(asked: argparse.Namespace, measure: Measure, targets: dict[str, str]) -> None:
    """Measure the databases that were asked for and print the figures; end with one line if that cannot be done."""
    # Leaves by the `with` blocks, which end all that was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("asked to stop"))
    try:
        wrk()
        check_packages()
        if asked.database == "both":
            sys.exit(max(apart(database) for database in DATABASES))
        figures = measure(asked.database, asked.rows, asked.rounds, asked.seconds)
        if asked.json:
            print(json.dumps(figures), flush=True)
        else:
            show(figures, targets, Console())
    except (LoadFailed, MissingPostgres) as failure:
        sys.exit(str(failure))


def apart(database: str) -> int:
    """Run the same command for one database in a process of its own, since Django knows one; return its exit code."""
    return subprocess.run([*sys.orig_argv, "--database", database], check=False).returncode
