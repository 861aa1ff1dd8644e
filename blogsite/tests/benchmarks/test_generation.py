"""The throughput trial in small: that it runs and says all it should, not how fast this machine is."""

import json
import subprocess
import sys

from django.conf import settings

COMMAND = [sys.executable, "-m", "blogsite.benchmarks.generation", "--json", "--database", "sqlite"]
SMALL = ["--in-flight", "2", "--posts", "4", "--latency", "0.2", "--pickups", "1", "--queue-depth", "2"]
FIGURES = {"finished", "share_of_ideal", "posts_per_min", "pss_mb", "connections", "cpu_ms_per_post"}
OURS = {"database", "in_flight", "posts", "pickup_median_ms", "pickup_p99_ms", "backlog", "peers"}


def test_the_throughput_trial_measures_the_product_and_a_peer():
    run = subprocess.run(
        [*COMMAND, *SMALL, "--peers", "threads"], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300
    )

    assert run.returncode == 0, run.stderr
    figures = json.loads(run.stdout)
    assert figures.keys() >= FIGURES | OURS
    peer = figures["peers"]["threads"]
    assert peer.keys() >= FIGURES
    assert (figures["finished"], peer["finished"]) == (4, 4)
    assert figures["backlog"]["posts"] == 2
