"""The fault trial in small: every promise is kept under real faults, and broken by the by-the-book form."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from blogsite.benchmarks.harness.postgres import MissingPostgres, binaries

pytestmark = pytest.mark.trial
ROOT = Path(__file__).resolve().parents[3]
KEYS = {
    "database", "posts", "faults", "lost", "stuck", "doubled_posts", "double_landings", "stale_landings",
    "stale_writes_refused", "human_texts_lost", "given_up", "model_calls", "model_calls_allowed",
    "recovery_median_s", "recovery_p95_s", "recovery_max_s", "paid_twice", "paid_unreachable", "kinds", "missed",
    "over_budget", "refused_402", "reserved_at_end", "spent", "server_bill", "spent_at_most",
}  # fmt: skip
PROMISES = ("lost", "stuck", "doubled_posts", "double_landings", "stale_landings", "human_texts_lost", "paid_twice")
# Deaths, and what only looks like one.
DEATHS = ["busy worker", "whole session", "monitor", "database down", "web killed", "wake-ups lost"]
SILENCES = [
    "tables locked",
    "disk full",
    "worker frozen",
    "all processes",
    "a worker's clock ahead",
    "database read-only",
]
KINDS = ",".join([*DEATHS, *SILENCES, "endless"])
# One fault of each kind; most silences last one and a half leases, and the control needs no share of the time.
SMALL = ["--posts", "50", "--faults", "0", "--gap", "1.5", "--lease", "4", "--seed", "3", "--at-once"]


def test_no_fault_breaks_a_promise_and_the_same_faults_break_the_by_the_book_form():
    database = connection.vendor
    if database == "postgresql":
        try:
            binaries()
        except MissingPostgres as missing:
            pytest.skip(str(missing))

    command = [sys.executable, "-m", "blogsite.benchmarks.faults", "--database", database, *SMALL, "--json"]
    command += ["--kinds", KINDS]
    trial = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=400, check=False)

    findings = json.loads(trial.stdout.splitlines()[-1])
    assert set(findings) == {*KEYS, "control"}
    assert set(findings["control"]) == KEYS
    broken = {name: findings[name] for name in PROMISES}
    assert broken == dict.fromkeys(PROMISES, 0)
    assert findings["model_calls"] <= findings["model_calls_allowed"]
    # A fault that needs a busy worker finds none now and then.
    silences = {"tables locked", "all processes stopped", "worker frozen"} & findings["kinds"].keys()
    assert len(silences) >= 2
    assert "endless" in findings["kinds"]
    assert sum(findings["control"][name] for name in ("lost", "stuck", "double_landings", "human_texts_lost")) > 0
    assert (findings["over_budget"], findings["reserved_at_end"]) == (0, 0)
    assert findings["refused_402"] > 0
    assert 0 < findings["server_bill"] <= findings["spent"] <= findings["spent_at_most"]
    assert trial.returncode == 0
