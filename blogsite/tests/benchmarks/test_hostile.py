"""The trial with hostile load in small: that it runs and reports all results, not how fast this machine is."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from blogsite.benchmarks.harness.postgres import NO_POSTGRES
from blogsite.benchmarks.hostile.__main__ import TARGETS

SMALL = ["--seconds", "1.5", "--rows", "200", "--askers", "1", "--slow", "2", "--generations", "4"]
OTHERS = {"get_max_ms", "broken", "refused_503", "in_flight", "patches_accepted", "patches_refused"}


@pytest.mark.trial
def test_the_trial_with_hostile_load_reports_all_its_results():
    command = [sys.executable, "-m", "blogsite.benchmarks.hostile", "--database", connection.vendor, "--json", *SMALL]

    run = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300, check=False)
    if NO_POSTGRES in run.stderr:
        pytest.skip(NO_POSTGRES)

    assert run.returncode in (0, 1), run.stderr  # 1: a target was missed
    results = json.loads(run.stdout)
    assert results.keys() >= TARGETS.keys() | OTHERS
    answered = {name for name, by_status in results["asked"].items() if {"200", "401"} & by_status.keys()}
    assert answered == results["asked"].keys() - {"slow"}
    assert (results["in_flight"], results["errors_5xx"]) == (4, 0)
