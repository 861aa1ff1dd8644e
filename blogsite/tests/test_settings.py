"""Wrong settings are named in one line; the rest come out as they should."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from blogsite.conf.databases import database_from_url

ROOT = Path(__file__).resolve().parents[2]


def check(*options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "SECRET_KEY": "0123456789abcdef" * 4} | variables
    command = [sys.executable, "manage.py", "check", *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
        ({"GENERATION_LEASE": "long"}, "GENERATION_LEASE must be a number, not 'long'."),
        ({"GENERATION_WORKERS": "1.5"}, "GENERATION_WORKERS must be a whole number, not '1.5'."),
        ({"GENERATION_WORKERS": "0"}, "GENERATION_WORKERS must be above 0, not 0."),
        ({"THROTTLE_LOGIN": "often"}, "THROTTLE_LOGIN must be like 100/minute"),
        ({"THROTTLE_CREATE": "0/day"}, "THROTTLE_CREATE must be like 100/minute"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be line or json, not 'xml'."),
        ({"TRUSTED_PROXIES": "few"}, "TRUSTED_PROXIES must be a whole number, not 'few'."),
        ({"ALGORITHM": "none"}, "ALGORITHM must be HS256, HS384 or HS512"),
        ({"DATABASE_URL": "mysql://secret@host/name"}, "DATABASE_URL is not understood."),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL is not understood."),
        ({"DATABASE_URL": "sqlite://:memory:"}, "DATABASE_URL names an in-memory database"),
    ],
)
def test_a_wrong_variable_is_named_in_one_line(variables, complaint):
    run = check(**variables)

    assert run.returncode == 1
    assert complaint in run.stderr
    assert "Traceback" not in run.stderr
    assert "secret" not in run.stderr


def test_an_empty_variable_counts_as_unset():
    example = {line.split("=")[0]: "" for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line}
    names = {name: value for name, value in example.items() if name.isidentifier() and name != "SECRET_KEY"}

    assert "GENERATION_LEASE" in names
    assert check(**names).returncode == 0


@pytest.mark.parametrize(
    ("variables", "identifier"),
    [
        ({"GENERATION_LEASE": "10", "GENERATION_RENEW_EVERY": "5"}, "generation.E001"),
    ],
)
def test_settings_that_would_lose_work_are_refused(variables, identifier):
    run = check(**variables)

    assert run.returncode == 1
    assert identifier in run.stderr


def test_production_settings_pass_the_deployment_check():
    run = check("--deploy", "--fail-level", "WARNING", ALLOWED_HOSTS="blog.example.com")

    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///./test.db", "/srv/blog/test.db"),
        ("sqlite:///test.db", "/srv/blog/test.db"),
        ("sqlite:////var/lib/test.db", "/var/lib/test.db"),
    ],
)
def test_a_sqlite_path_counts_from_the_project(url, name):
    settings = database_from_url(url, Path("/srv/blog"))

    assert settings["NAME"] == name
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_connections_are_kept_and_checked():
    settings = database_from_url("postgres://user:pa%40ss@db:5433/blog", Path("/srv"))

    assert (settings["NAME"], settings["PASSWORD"], settings["PORT"]) == ("blog", "pa@ss", 5433)
    assert (settings["CONN_MAX_AGE"], settings["CONN_HEALTH_CHECKS"]) == (60, True)


def test_a_complaint_does_not_repeat_a_password():
    with pytest.raises(ImproperlyConfigured) as complaint:
        database_from_url("oracle://user:hunter2@db/blog", Path("/srv"))

    assert "hunter2" not in str(complaint.value)
