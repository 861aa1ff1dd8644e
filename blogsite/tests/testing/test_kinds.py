"""How many tests run at once, which start first, and which a run for a database leaves out."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from blogsite.testing.kinds import MORE_THAN_CORES

WITHOUT, WITH = "generation/tests/writer/test_words.py", "generation/tests/queue/test_log.py"
OWN = "blogsite/tests/test_settings.py"
MIXED = "generation/tests/worker/test_poison.py"
PAGES = "blogsite/tests/browser/test_history.py"
PAGES_AND_WORKERS = "blogsite/tests/browser/test_post_pages.py"


def collected(*options: str) -> str:
    """Return what pytest says of the tests that it would run, in their order."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", *options]
    run = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_more_tests_than_cores_run_at_once(pytestconfig: pytest.Config):
    cores = os.cpu_count() or 1

    assert pytestconfig.hook.pytest_xdist_auto_num_workers(config=pytestconfig) == cores + MORE_THAN_CORES


def test_a_run_for_a_database_leaves_out_what_has_none_and_says_how_many():
    report = collected("--only-database", WITHOUT, WITH, OWN, MIXED, PAGES, PAGES_AND_WORKERS)

    assert WITH in report
    assert f"{MIXED}::test_one_post_that_kills" in report
    assert WITHOUT not in report
    assert OWN not in report
    assert PAGES not in report
    assert PAGES_AND_WORKERS in report
    assert "deselected" in report


def test_what_starts_processes_comes_first_though_its_file_does_not():
    names = [line for line in collected(WITH, MIXED).splitlines() if "::" in line]

    assert names[0].startswith(f"{MIXED}::test_one_post_that_kills")
    assert len(names) > 2
    assert any(name.startswith(MIXED) for name in names[1:])


@pytest.mark.parametrize(("marker", "file"), [("process", MIXED), ("browser", "blogsite/tests/browser/test_docs.py")])
def test_what_uses_a_fixture_of_processes_or_a_browser_is_selected_by_its_kind(marker: str, file: str):
    assert file in collected("-m", marker, WITH, file)
