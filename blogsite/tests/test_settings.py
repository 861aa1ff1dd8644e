"""An invalid setting is named in one line; valid ones are read as documented."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from blogsite.conf.databases import BAD_URL, IN_MEMORY
from blogsite.conf.environment import (
    NEGATIVE,
    NO_ADDRESS,
    NO_CHOICE,
    NO_PRICES,
    NO_RATE,
    NOT_POSITIVE,
    NOT_SET,
    TOO_LARGE,
    TOO_SHORT,
    WRONG_KIND,
)
from blogsite.conf.mail import BAD_URL as BAD_MAIL_URL
from blogsite.conf.variables import MISSPELT, NO_VARIABLE, UNKNOWN
from blogsite.settings import env

UNUSED = "http://127.0.0.1:9/v1"  # a server that nobody runs
pytestmark = [pytest.mark.process, pytest.mark.own_database]
ROOT = Path(__file__).resolve().parents[2]
# Of the machine only its programs; not even its database, which others may read.
ALONE = {
    "PATH": os.environ["PATH"],
    "ENV_FILE": os.devnull,
    "DATABASE_URL": "sqlite:////nowhere/blogsite.sqlite3",
    "SECRET_KEY": "0123456789abcdef" * 4,
}


def run_manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=ALONE | variables, capture_output=True, text=True, check=False)


def check(*options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return run_manage("check", *options, **variables)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"SECRET_KEY": ""}, NOT_SET.format(var="SECRET_KEY")),
        ({"SECRET_KEY": "secret" * 5}, TOO_SHORT.format(var="SECRET_KEY", length=30, least=32)),
        ({"HTTPS": "maybe"}, WRONG_KIND.format(var="HTTPS", kind="true or false", value="maybe")),
        ({"DEBUG": "ture"}, WRONG_KIND.format(var="DEBUG", kind="true or false", value="ture")),
        ({"VERIFY_EMAIL": "2"}, WRONG_KIND.format(var="VERIFY_EMAIL", kind="true or false", value="2")),
        ({"GENERATION_LEASE": "20 s"}, WRONG_KIND.format(var="GENERATION_LEASE", kind="a number", value="20 s")),
        ({"GENERATION_LEASE": "nan"}, WRONG_KIND.format(var="GENERATION_LEASE", kind="a number", value="nan")),
        ({"PUBLIC_URL": "blog.example.com"}, NO_ADDRESS.format(var="PUBLIC_URL", value="blog.example.com")),
        ({"PUBLIC_URL": "ftp://example.com"}, NO_ADDRESS.format(var="PUBLIC_URL", value="ftp://example.com")),
        ({"PUBLIC_URL": "https://a?b"}, NO_ADDRESS.format(var="PUBLIC_URL", value="https://a?b")),
        ({"GENERATION_LEASE": "long"}, WRONG_KIND.format(var="GENERATION_LEASE", kind="a number", value="long")),
        ({"GENERATION_WORKERS": "1.5"}, WRONG_KIND.format(var="GENERATION_WORKERS", kind="an integer", value="1.5")),
        ({"GENERATION_WORKERS": "0"}, NOT_POSITIVE.format(var="GENERATION_WORKERS", value=0)),
        (
            {"ACCESS_TOKEN_EXPIRE_MINUTES": "99999999999"},
            TOO_LARGE.format(var="ACCESS_TOKEN_EXPIRE_MINUTES", most=525_600, value=99999999999),
        ),
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
    public = {
        "ALLOWED_HOSTS": "blog.example.com",
        "PUBLIC_URL": "https://blog.example.com",
        "EMAIL_URL": "smtp://127.0.0.1",
    }

    run = check("--deploy", "--fail-level", "WARNING", **public)

    assert run.returncode == 0, run.stderr


def test_a_key_that_begins_with_a_dollar_is_the_key():
    assert check(SECRET_KEY="$" + "0123456789abcdef" * 4).returncode == 0


def test_a_short_key_is_taken_for_debugging():
    assert check(SECRET_KEY="secret", DEBUG="true").returncode == 0


def test_a_weak_key_is_warned_of_once_without_deploy_and_with_it():
    for options in ((), ("--deploy",)):
        run = check(*options, SECRET_KEY="0123456789abcdef" * 2, PUBLIC_URL="https://blog.example.com")

        assert run.returncode == 0
        assert run.stderr.count("security.W009") == 1


def test_check_and_doctor_name_what_is_misspelt_in_the_process_and_all_that_is_unknown_in_the_file(tmp_path):
    env_file = tmp_path / ".env"
    env_file.write_text(
        "# mine\n\nREGISTRATON=closed\nCOFFEE=black\nHTTPS_PROXY=http://127.0.0.1:9\nMETRICS_TOKEN = sesame\n"
    )
    env_file.chmod(0o600)
    variables = {"ENV_FILE": str(env_file), "THROTTLE_LOGN": "5/minute", "OPENAI_APIKEY": "k", "TEA": "green"}
    variables["DATABASE_URL"] = f"sqlite:///{tmp_path / 'none.sqlite3'}"
    sentences = [
        MISSPELT.format(name="REGISTRATON", meant="REGISTRATION"),
        UNKNOWN.format(name="COFFEE"),
        NO_VARIABLE.format(number=6),
        MISSPELT.format(name="THROTTLE_LOGN", meant="THROTTLE_LOGIN"),
        MISSPELT.format(name="OPENAI_APIKEY", meant="OPENAI_API_KEY"),
    ]

    for shown in (check(**variables).stderr, run_manage("doctor", OPENAI_BASE_URL=UNUSED, **variables).stdout):
        assert [sentence for sentence in sentences if sentence not in shown] == []
        assert shown.count("(blogsite.W001)") == len(sentences)
        assert "sesame" not in shown


def test_the_web_server_logs_its_warnings_when_it_starts():
    command = [sys.executable, "-c", "import blogsite.wsgi"]

    run = subprocess.run(command, cwd=ROOT, env=ALONE | {"DEBUGG": "1"}, capture_output=True, text=True)

    [line] = run.stderr.splitlines()
    assert f"WARNING blogsite.settings request=- {MISSPELT.format(name='DEBUGG', meant='DEBUG')}" in line


def test_the_example_lists_all_that_the_settings_read_and_nothing_else():
    example = (ROOT / ".env.example").read_text().splitlines()
    listed = {line.split("=")[0] for line in example if re.match("[A-Z_]+=", line)}

    assert listed == env.names - {"ENV_FILE"}
