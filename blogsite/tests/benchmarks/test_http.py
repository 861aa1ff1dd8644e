"""The benchmarks over HTTP in small: that they run and report all results, not how fast this machine is."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from blogsite.benchmarks.harness.http_load import NO_WRK
from blogsite.benchmarks.harness.postgres import NO_POSTGRES

READS = {
    "database",
    "rows",
    "get_one_vs_fastapi",
    "get_one_vs_constant_cpu",
    "get_one_vs_by_the_book",
    "list_large_vs_small",
    "deep_vs_first",
    "not_modified_vs_get_one",
}
CREATES = {
    "database",
    "rows",
    "create_vs_fastapi",
    "create_vs_no_enqueue_cpu",
    "create_vs_no_budgets",
    "create_vs_no_budgets_16",
    "locked_errors",
    "get_p99_under_generation_vs_idle",
}
SMALL = ["--database", connection.vendor, "--rows", "100", "--rounds", "1", "--seconds", "1", "--json"]


@pytest.mark.trial
@pytest.mark.parametrize(("benchmark", "results"), [("reads", READS), ("creates", CREATES)])
def test_a_benchmark_reports_all_its_results(benchmark, results):
    if not shutil.which("wrk"):
        pytest.skip("missing: wrk")
    if not importlib.util.find_spec("fastapi"):
        pytest.skip("missing: requirements-bench.txt")

    run = run_small(benchmark)
    if NO_POSTGRES in run.stderr:
        pytest.skip(NO_POSTGRES)

    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout).keys() >= results


@pytest.mark.process
@pytest.mark.own_database
@pytest.mark.parametrize("benchmark", ["reads", "creates"])
def test_a_benchmark_without_wrk_says_so_in_one_line(benchmark, tmp_path):
    run = run_small(benchmark, path=str(tmp_path))

    assert run.returncode == 1
    assert run.stderr.strip() == NO_WRK


def run_small(benchmark, path=None):
    env = os.environ | {"PATH": path or os.environ["PATH"]}
    command = [sys.executable, "-m", f"blogsite.benchmarks.{benchmark}", *SMALL]
    return subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300, env=env)
