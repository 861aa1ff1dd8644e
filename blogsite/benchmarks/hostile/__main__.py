"""The command of this benchmark."""

import argparse
import json
import signal
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from blogsite.benchmarks import hostile
from blogsite.benchmarks.harness.http_load import LoadFailed
from blogsite.benchmarks.harness.postgres import MissingPostgres
from blogsite.benchmarks.hostile.trial import Size, run

# At most.
TARGETS = {
    "get_p99_ms": 100,
    "healthz_p99_ms": 100,
    "healthz_max_ms": 100,
    "web_rss_mb": 400,
    "disk_growth_mb": 35,  # a quota of 10 MB, on PostgreSQL as much of dead rows, and what the worker writes
    "errors_5xx": 0,
    "probes_failed": 0,
}


def missed(results: Mapping[str, Any]) -> list[str]:
    return [name for name, most in TARGETS.items() if results[name] > most]


def show(results: Mapping[str, Any], console: Console) -> None:
    title = f"{results['database']}: {results['seconds']:g} s, {results['rows']} posts"
    table = Table("result", "", "at most", title=title)
    for name, value in results.items():
        if name not in ("database", "rows", "seconds", "asked"):
            table.add_row(name, str(value), str(TARGETS.get(name, "")))
    answers = Table("address", "answers by status")
    for name, counts in results["asked"].items():
        answers.add_row(name, ", ".join(f"{status}: {number}" for status, number in sorted(counts.items())))
    console.print(table, answers)


def parse_options(arguments: list[str]) -> argparse.Namespace:
    usual = Size()
    parser = argparse.ArgumentParser(
        prog="python -m blogsite.benchmarks.hostile",
        description=hostile.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="how long it is measured")
    parser.add_argument("--rows", type=int, default=usual.rows, help="posts in the database, 200 at least")
    parser.add_argument("--askers", type=int, default=usual.askers, help="of each expensive address")
    parser.add_argument("--slow", type=int, default=usual.slow, help="connections that send slow bodies")
    parser.add_argument("--generations", type=int, default=usual.generations, help="in flight")
    parser.add_argument("--json", action="store_true", help="print the results as one line")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    options = parse_options(arguments)
    # Leaves through the `with` blocks, which stop all that was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped by SIGTERM"))
    size = Size(options.seconds, options.rows, options.askers, options.slow, options.generations)
    try:
        results = run(options.database, size)
    except (LoadFailed, MissingPostgres) as failure:
        sys.exit(str(failure))
    print(json.dumps(results)) if options.json else show(results, Console())
    return 1 if missed(results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
