"""The throughput trial in small: that it runs and reports all results, not how fast this machine is."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from blogsite.benchmarks.harness.postgres import NO_POSTGRES

pytestmark = pytest.mark.trial
SMALL = ["--in-flight", "2", "--posts", "4", "--latency", "0.2", "--pickups", "1", "--queue-depth", "2"]
RESULTS = {"finished", "share_of_ideal", "posts_per_min", "pss_mb", "connections", "cpu_ms_per_post"}
OURS = {"database", "in_flight", "posts", "pickup_median_ms", "pickup_p99_ms", "backlog", "peers"}


def test_the_throughput_trial_measures_the_product_and_a_peer():
    options = ["--database", connection.vendor, *SMALL, "--peers", "threads", "--json"]
    command = [sys.executable, "-m", "blogsite.benchmarks.generation", *options]
    run = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300, check=False)
    if NO_POSTGRES in run.stderr:
        pytest.skip(NO_POSTGRES)

    assert run.returncode == 0, run.stderr
    results = json.loads(run.stdout)
    assert results.keys() >= RESULTS | OURS
    peer = results["peers"]["threads"]
    assert peer.keys() >= RESULTS
    assert (results["finished"], peer["finished"]) == (4, 4)
    assert results["backlog"]["posts"] == 2
    assert (results["connections"] is None) == (connection.vendor == "sqlite")
