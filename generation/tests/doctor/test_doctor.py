"""`manage.py doctor` as an operator types it."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any, NamedTuple

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import Settings

from accounts.networks import network_of
from blogsite.testing.model_server import Behaviour, ModelServer
from generation.checks import UNREAD
from generation.doctor import host, model, queue
from generation.doctor import settings as settings_checks
from generation.doctor.findings import Level
from generation.failures import FailureCode
from generation.llm import model_facts
from generation.llm.responses import BASE_URL_HINT
from generation.management.commands.doctor import error_count
from generation.models import Generation, WorkerSeen
from generation.tests.baker_recipes import waiting
from generation.tests.llm.test_client import blunt_server
from generation.tests.llm.test_model_facts import response
from generation.writer.calls import ONLY_THOUGHTS

pytestmark = pytest.mark.django_db


class Disk(NamedTuple):
    total: int
    used: int
    free: int


def run() -> tuple[str, str]:
    """Return the doctor's output, and the error it ended with."""
    out = StringIO()
    try:
        call_command("doctor", stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def lines(output: str, level: Level) -> list[str]:
    return [line for line in output.splitlines() if line.startswith(level)]


@pytest.fixture
def healthy(model_server: Any) -> Any:
    WorkerSeen.objects.create(name="host/1:2", seen_at=timezone.now())
    return model_server


def test_every_check_of_a_healthy_service_is_ok(healthy: Any) -> None:
    output, error = run()

    assert error == ""
    assert {line.split()[1] for line in lines(output, Level.OK)} == set(
        "key endpoint model database queue budgets worker mail clock disk settings publish".split()
    )
    assert lines(output, Level.WARNING) == lines(output, Level.ERROR) == []
    assert "gpt-4o-mini answered" in output
    assert UNREAD in output
    assert len(healthy.calls) == 1
    assert "test-key" not in output


@pytest.mark.parametrize(
    ("answers", "message", "fix"),
    [
        ("qwen2.5", model.OTHER_MODEL.format(model="gpt-4o-mini", other="qwen2.5"), "OPENAI_MODEL=qwen2.5"),
        ("qwen2.5", model.NO_PRICE.format(model="qwen2.5"), "MODEL_PRICES"),
        ("gpt-4o-mini-2024-07-18", None, None),
    ],
)
def test_another_model_that_answers_is_a_warning(healthy: Any, answers: str, message: str, fix: str) -> None:
    healthy.always(replace(healthy.script.standing, model=answers))

    output, error = run()

    warnings = lines(output, Level.WARNING)
    assert error == ""
    assert any(message in line for line in warnings) if message else not warnings
    assert ("qwen2.5" if message else "gpt-4o-mini") + " answered" in output
    assert not fix or fix in output


def spaced_key(server: Any, settings: Settings) -> None:
    settings.OPENAI_API_KEY = "two words"


def no_address(server: Any, settings: Settings) -> None:
    settings.OPENAI_BASE_URL = "models.example.com"


def refused(server: Any, settings: Settings) -> None:
    server.always(replace(server.script.standing, status=401))


def empty(server: Any, settings: Settings) -> None:
    server.always(replace(server.script.standing, text=""))


def thoughts_only(server: Any, settings: Settings) -> None:
    thoughts = {"choices": [{"message": {"content": None, "reasoning_content": "Hm."}, "finish_reason": "length"}]}
    server.always(replace(server.script.standing, raw=json.dumps(thoughts)))


def a_web_page(server: Any, settings: Settings) -> None:
    server.always(replace(server.script.standing, raw="<html><title>Hello</title></html>"))


def full_queue(server: Any, settings: Settings) -> None:
    settings.GENERATION_QUEUE_LIMIT = 1
    waiting.make()


def no_worker(server: Any, settings: Settings) -> None:
    WorkerSeen.objects.update(seen_at=timezone.now() - timedelta(minutes=1))
    waiting.make()


def old_clock(server: Any, settings: Settings) -> None:
    settings.MODEL_PRICES_DATE = "2999-01-01"


def early_retry(server: Any, settings: Settings) -> None:
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"retry": 60}


def public_debug(server: Any, settings: Settings) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = True, ["blog.example.com"]


@pytest.mark.parametrize(
    ("harm", "subject", "message", "fix"),
    [
        (spaced_key, "key", model.BAD_KEY, "OPENAI_API_KEY"),
        (no_address, "endpoint", model.BAD_URL, "https://models.example.com/v1"),
        (refused, "model", "HTTP 401", FailureCode.PROVIDER_REJECTED.advice),
        (empty, "model", model.EMPTY.format(model="gpt-4o-mini"), FailureCode.EMPTY_OUTPUT.advice),
        (thoughts_only, "model", ONLY_THOUGHTS, "OPENAI_REASONING_EFFORT"),
        (a_web_page, "model", BASE_URL_HINT, "OPENAI_BASE_URL"),
        (full_queue, "queue", queue.FULL.format(depth=1), "GENERATION_QUEUE_LIMIT"),
        (no_worker, "worker", queue.NO_WORKER.format(depth=1), "`manage.py worker`"),
        (old_clock, "clock", host.PAST_CLOCK.format(today=timezone.now()), "timedatectl"),
        (early_retry, "settings", "generation.E003", "Q_CLUSTER['retry']"),
        (public_debug, "settings", settings_checks.PUBLIC_DEBUG.format(hosts="blog.example.com"), "DEBUG=false"),
    ],
)
def test_an_error_is_shown_with_its_fix_and_an_exit_code(
    healthy: Any, settings: Settings, harm: Callable[[Any, Settings], None], subject: str, message: str, fix: str
) -> None:
    harm(healthy, settings)

    output, error = run()

    assert error == error_count(len(lines(output, Level.ERROR)))
    [index] = [i for i, line in enumerate(output.splitlines()) if line.startswith(Level.ERROR) and message in line]
    assert output.splitlines()[index].split()[1] == subject
    assert fix in output.splitlines()[index + 1]


def test_each_model_that_is_offered_is_asked(healthy: Any, settings: Settings) -> None:
    settings.MODELS = ["gpt-4o-mini", "gpt-4o"]

    output, error = run()

    assert error == ""
    assert [f"{name} answered" in output for name in settings.MODELS] == [True, True]
    assert [call.body["model"] for call in healthy.calls] == settings.MODELS


def test_a_fallback_is_asked_too_and_its_error_names_its_settings(healthy: Any, settings: Settings) -> None:
    with ModelServer() as server:
        settings.FALLBACK_BASE_URL, settings.FALLBACK_MODEL = server.url, "gpt-4o"
        well, _ = run()
        server.always(Behaviour(status=401))
        broken, error = run()

    assert "gpt-4o answered" in well
    assert error == error_count(1)
    assert model.FIX_FALLBACK in broken


def without_key(server: Any, settings: Settings) -> None:
    settings.OPENAI_API_KEY = ""


def without_price(server: Any, settings: Settings) -> None:
    settings.OPENAI_MODEL = "unheard-of"


def idle(server: Any, settings: Settings) -> None:
    WorkerSeen.objects.all().delete()


def long_wait(server: Any, settings: Settings) -> None:
    Generation.objects.filter(pk=waiting.make().pk).update(created_at=timezone.now() - timedelta(hours=1))


def any_host(server: Any, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]


def ignored_header(server: Any, settings: Settings) -> None:
    network_of(RequestFactory().get("/", headers={"X-Forwarded-For": "192.0.2.1"}))


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (without_key, model.NO_KEY),
        (without_price, model.NO_PRICE.format(model="unheard-of")),
        (idle, queue.IDLE),
        (long_wait, queue.SLOW.format(depth=1, minutes=60)),
        (any_host, settings_checks.ANY_HOST),
        (ignored_header, settings_checks.IGNORED_LATELY),
    ],
)
def test_a_warning_is_shown_and_is_no_error(
    healthy: Any, settings: Settings, harm: Callable[[Any, Settings], None], message: str
) -> None:
    harm(healthy, settings)

    output, error = run()

    assert error == ""
    assert any(message in line for line in lines(output, Level.WARNING))


def test_a_full_disk_is_an_error(healthy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Disk(10**9, 10**9, 10**6))
    output, error = run()
    assert host.DISK_FULL.format(free=1) in lines(output, Level.ERROR)[0]
    assert error == error_count(1)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="these options are SQLite's")
def test_sqlite_without_its_options_is_an_error(
    healthy: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", {})
    output, error = run()
    assert error == error_count(1)
    assert "generation.E005" in lines(output, Level.ERROR)[0]
    assert "OPTIONS['transaction_mode']" in output


@pytest.mark.parametrize(("days", "level"), [(50, Level.WARNING), (0, Level.ERROR)])
def test_the_end_of_a_model_is_told_before_it_comes_and_after(healthy: Any, days: int, level: Level) -> None:
    day = timezone.now().date() + timedelta(days=days)
    healthy.describe({"id": "gpt-4o-mini", "shutdown_date": day.isoformat()})

    output, _ = run()

    assert model.shutdown("gpt-4o-mini", day)[0] in "".join(lines(output, level))


def test_without_a_key_an_ollama_at_hand_is_named_with_the_line_to_set(healthy: Any, settings: Settings) -> None:
    settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL = ""
    assert list(model.hints()) == []
    with blunt_server(response({"models": [{"name": "llama3.2:3b"}]})) as server:
        model_facts.OLLAMA, url = server.url.removesuffix("/v1"), model_facts.OLLAMA
        try:
            [hint] = model.hints()
        finally:
            model_facts.OLLAMA = url
    assert "OPENAI_MODEL=llama3.2:3b" in hint
