"""One form on one database, in a process of its own since Django loads its settings once a process.

`python -m blogsite.benchmarks.generation.one_run ours|processes|threads sqlite|postgresql '{"in_flight": 200, ...}'`
prints one line: `result ` and the results as JSON.
"""

import json
import signal
import sys
from importlib import import_module

from blogsite.benchmarks.generation.size import Size, settings
from blogsite.benchmarks.harness.deployment import Deployment, scratch_database, use_database
from blogsite.benchmarks.harness.postgres import MissingPostgres


def main(form: str, database: str, size: Size) -> None:
    # Leaves through the `with` blocks, which stop all that was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped by SIGTERM"))
    variables = settings(form, size)
    command = "worker" if form == "ours" else "qcluster"
    with scratch_database(database) as (scratch, url, server):
        use_database(url, variables)
        measure = import_module(f"blogsite.benchmarks.generation.{form}").measure
        with Deployment(url, scratch / "log", variables, delay=0, worker_command=command) as deployment:
            results = measure(deployment, server, size)
    print("result", json.dumps(results), flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2], Size(**json.loads(sys.argv[3])))
    except MissingPostgres as missing:
        sys.exit(str(missing))
