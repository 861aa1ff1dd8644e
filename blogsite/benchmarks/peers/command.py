"""The command line of the benchmarks over HTTP: options, tables, one line where they cannot run."""

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
    """Return each endpoint's best round: requests a second, and milliseconds of CPU time for one."""
    return {
        "requests_per_s": {name: round(max(load.rate for load in loads)) for name, loads in series.items()},
        "cpu_ms": {name: round(min(load.cpu_ms for load in loads), 3) for name, loads in series.items()},
        "failed": sum(load.refused + load.broken for loads in series.values() for load in loads),
    }


def show(results: dict[str, Any], targets: dict[str, str], console: Console) -> None:
    """Print the results on one database."""
    rates = Table("endpoint", "best requests/s", "CPU ms", title=f"{results['database']}, {results['rows']} posts")
    for name, rate in results["requests_per_s"].items():
        rates.add_row(name, str(rate), str(results["cpu_ms"][name]))
    ratios = Table("result", "ratio", "target")
    for name, target in targets.items():
        ratios.add_row(name, "-" if results[name] is None else str(results[name]), target)
    console.print(rates, ratios, f"load average {results['load_average']}")


def parse_options(name: str, description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m blogsite.benchmarks.{name}", description=description)
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--rows", type=int, default=100_000, help="posts in the database (100000)")
    parser.add_argument("--rounds", type=int, default=5, help="how often every endpoint is measured (5)")
    parser.add_argument("--seconds", type=int, default=2, help="how long each time (2)")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each database")
    return parser.parse_args()


def run(options: argparse.Namespace, measure: Measure, targets: dict[str, str]) -> None:
    """Measure on the given databases and print the results; exit with one line if that is impossible."""
    # Leaves through the `with` blocks, which stop all that was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped by SIGTERM"))
    try:
        wrk()
        check_packages()
        if options.database == "both":
            sys.exit(max(run_again(database) for database in DATABASES))
        results = measure(options.database, options.rows, options.rounds, options.seconds)
        if options.json:
            print(json.dumps(results), flush=True)
        else:
            show(results, targets, Console())
    except (LoadFailed, MissingPostgres) as failure:
        sys.exit(str(failure))


def run_again(database: str) -> int:
    """Run the same command for one database in a process of its own, since Django has one; return its exit code."""
    return subprocess.run([*sys.orig_argv, "--database", database], check=False).returncode
