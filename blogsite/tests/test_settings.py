"""An invalid setting is named in one line; valid ones are read as documented."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from blogsite.conf.databases import BAD_URL, IN_MEMORY
from blogsite.conf.environment import NEGATIVE, NO_CHOICE, NO_PRICES, NO_RATE, NOT_POSITIVE, NOT_SET, WRONG_KIND
from blogsite.conf.mail import BAD_URL as BAD_MAIL_URL

pytestmark = [pytest.mark.process, pytest.mark.own_database]
ROOT = Path(__file__).resolve().parents[2]


def run_manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "SECRET_KEY": "0123456789abcdef" * 4} | variables
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def check(*options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return run_manage("check", *options, **variables)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"SECRET_KEY": ""}, NOT_SET.format(var="SECRET_KEY")),
        ({"GENERATION_LEASE": "long"}, WRONG_KIND.format(var="GENERATION_LEASE", kind="a number", value="long")),
        ({"GENERATION_WORKERS": "1.5"}, WRONG_KIND.format(var="GENERATION_WORKERS", kind="an integer", value="1.5")),
        ({"GENERATION_WORKERS": "0"}, NOT_POSITIVE.format(var="GENERATION_WORKERS", value=0)),
        ({"THROTTLE_LOGIN": "often"}, NO_RATE.format(var="THROTTLE_LOGIN", value="often")),
        ({"THROTTLE_CREATE": "0/day"}, NO_RATE.format(var="THROTTLE_CREATE", value="0/day")),
        ({"LOG_FORMAT": "xml"}, NO_CHOICE.format(var="LOG_FORMAT", choices="line, json", value="xml")),
        ({"GENERATION_VERIFY": "yes"}, NO_CHOICE.format(var="GENERATION_VERIFY", choices="on, off", value="yes")),
        ({"TRUSTED_PROXIES": "few"}, WRONG_KIND.format(var="TRUSTED_PROXIES", kind="an integer", value="few")),
        ({"TRUSTED_PROXIES": "-1"}, NEGATIVE.format(var="TRUSTED_PROXIES", value=-1)),
        ({"MODEL_PRICES": "cheap"}, NO_PRICES.format(var="MODEL_PRICES")),
        ({"MODEL_PRICES": '{"some-model": [1, 2]}'}, NO_PRICES.format(var="MODEL_PRICES")),
        ({"MODEL_PRICES": '{"some-model": [1, -2, NaN]}'}, NO_PRICES.format(var="MODEL_PRICES")),
        ({"MODEL_PRICES": "[[1, 2, 3]]"}, NO_PRICES.format(var="MODEL_PRICES")),
        ({"ALGORITHM": "none"}, NO_CHOICE.format(var="ALGORITHM", choices="HS256, HS384, HS512", value="none")),
        ({"DATABASE_URL": "mysql://secret@host/name"}, BAD_URL),
        ({"DATABASE_URL": "nonsense"}, BAD_URL),
        ({"DATABASE_URL": "sqlite://:memory:"}, IN_MEMORY),
        ({"EMAIL_URL": "mail://user:secret@host"}, BAD_MAIL_URL),
        ({"EMAIL_URL": "smtp://user:secret@host:many"}, BAD_MAIL_URL),
        ({"EMAIL_URL": "smtp+tls://"}, BAD_MAIL_URL),
    ],
)
def test_an_invalid_variable_is_named_in_one_line(variables, message):
    run = check(**variables)

    assert run.returncode == 1
    assert message in run.stderr
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
def test_settings_that_would_lose_work_are_rejected(variables, identifier):
    run = check(**variables)

    assert run.returncode == 1
    assert identifier in run.stderr


@pytest.mark.parametrize(
    ("variables", "models"),
    [
        ({}, ["gpt-4o-mini"]),
        ({"OPENAI_MODEL": "a"}, ["a"]),
        ({"MODELS": "a, b"}, ["a", "b"]),
        ({"MODELS": "a,b", "OPENAI_MODEL": "b"}, ["b", "a"]),
        ({"MODELS": "a,b", "OPENAI_MODEL": "c"}, ["c", "a", "b"]),
    ],
)
def test_the_default_is_always_among_the_models_and_the_first(variables, models):
    code = "from django.conf import settings; print([settings.OPENAI_MODEL, *settings.MODELS])"

    run = run_manage("shell", "-v", "0", "-c", code, **variables)

    assert run.stdout.strip() == str([models[0], *models]), run.stderr


def test_production_settings_pass_the_deployment_check():
    run = check("--deploy", "--fail-level", "WARNING", ALLOWED_HOSTS="blog.example.com")

    assert run.returncode == 0, run.stderr
