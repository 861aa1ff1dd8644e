"""A thousand wrong passwords, in small: how many are hashed, by the real web server."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection


@pytest.mark.trial
def test_few_of_many_wrong_passwords_are_hashed_and_the_right_one_works_after_the_delay():
    command = [sys.executable, "-m", "blogsite.benchmarks.passwords", "--database", connection.vendor, "--json"]

    run = subprocess.run(
        [*command, "--number", "100"], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300, check=False
    )

    assert run.returncode == 0, run.stderr
    results = json.loads(run.stdout)
    assert 0 < results["hashed"] <= 20
    assert results["hashed"] + results["refused"] == 100
    assert (results["right_after_delay"], results["other_statuses"]) == (200, [200])
