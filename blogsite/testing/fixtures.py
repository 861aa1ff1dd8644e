"""Fixtures for every room, as a pytest plugin: `-p blogsite.testing.fixtures`.

It is imported before Django's settings, so that the developer's own `.env` and keys do not reach a test.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from blogsite.testing.kinds import has_database

os.environ["ENV_FILE"] = os.devnull
os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-" + "x" * 48)
os.environ.setdefault("HTTPS", "false")
os.environ["GENERATION_VERIFY"] = "off"  # tests count calls; those of the verification turn it on
os.environ["POSTS_USER_DAY"] = "off"  # those of the limit set it
OPENAI = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL")
FALLBACK = ("FALLBACK_API_KEY", "FALLBACK_BASE_URL", "FALLBACK_MODEL")
for variable in (*OPENAI, *FALLBACK, "MODELS", "LOCAL_MODEL_URL"):
    os.environ.pop(variable, None)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from playwright.sync_api import Page
    from pytest_django import Settings
    from pytest_django.live_server_helper import LiveServer
    from rest_framework.test import APIClient

    from accounts.models import User
    from blogsite.testing.model_server import ModelServer
    from blogsite.testing.workers import StartWorker


def pytest_configure() -> None:
    """Take the time limit off Hypothesis's examples: tests must not depend on how busy the machine is."""
    from hypothesis import HealthCheck, settings

    settings.register_profile("blogsite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("blogsite")


@pytest.fixture
def model_server(settings: "Settings") -> Iterator["ModelServer"]:
    """Yield a new loopback model server, configured as the compatible server to write with."""
    from blogsite.testing.model_server import ModelServer

    with ModelServer() as server:
        settings.OPENAI_BASE_URL = server.url
        settings.OPENAI_API_KEY = "test-key"
        settings.GENERATION_CONCURRENCY = 10  # the default with any server but the embedded model
        yield server


@pytest.fixture
def start_worker(model_server: "ModelServer") -> Iterator["StartWorker"]:
    """Return a function that starts a real worker with its cluster on the test's database and model server."""
    from django.conf import settings

    from blogsite.testing.workers import database_url, eventually
    from generation.processes.child import ChildProcess
    from generation.worker.supervisor import WORKER_READY

    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "OPENAI_BASE_URL": model_server.url,
        "GENERATION_RENEW_EVERY": "1",
        "GENERATION_WORKERS": "2",
        "GENERATION_GRACE": "1",
    }
    started = []

    def start(wait: bool = True, **more: str) -> ChildProcess:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]
        worker = ChildProcess(command, on_line=print, env=environment | more)
        worker.start()
        started.append(worker)
        if wait:
            eventually(lambda: WORKER_READY in worker.last_lines)
        return worker

    yield start
    for worker in started:
        worker.end(grace=10)


@pytest.fixture(scope="session", autouse=True)
def no_delay_in_live_servers() -> None:
    """Send the parts of an answer at once: the second one else waits 40 ms for the first to be acknowledged."""
    from django.core.servers.basehttp import WSGIRequestHandler

    WSGIRequestHandler.disable_nagle_algorithm = True


# Not an override of pytest-django's `django_db_modify_db_settings`: a plugin given with -p loses to that one.
@pytest.fixture(scope="session", autouse=True)
def database_in_a_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the SQLite test database in a file, so that threads and processes meet in it as in production."""
    from django.conf import settings

    database: dict[str, Any] = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(path)


@pytest.fixture(scope="session", autouse=True)
def end_leftover_connections(database_in_a_file: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """End connections that live servers' threads left open, before PostgreSQL's test database is dropped."""
    yield
    from django.db import connection

    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def migrated_groups(
    request: pytest.FixtureRequest, database_in_a_file: None, django_db_setup: None, django_db_blocker: Any
) -> dict[str, set[str]]:
    """Return the permissions of each group as the migrations made it: tests may have emptied the database since."""
    from django.contrib.auth.models import Group

    if not any(map(has_database, request.session.items)):
        return {}  # pytest-django has made no database either
    with django_db_blocker.unblock():
        return {
            group.name: {permission.codename for permission in group.permissions.all()} for group in Group.objects.all()
        }


def fail_if_missing_in_ci(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip whose reason starts with `missing:` into a failure in CI, where nothing may be missing."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    if report.skipped and os.environ.get("CI") == "true" and reason.removeprefix("Skipped: ").startswith("missing:"):
        report.outcome = "failed"
        report.longrepr = f"{reason} (in CI nothing may be missing)"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    fail_if_missing_in_ci(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Any:
    report = yield
    fail_if_missing_in_ci(report)
    return report


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Clear the cache: throttles' windows outlast a test, and so do prices and dialects that were learnt in it."""
    from django.core.cache import cache

    from generation.llm.dialect import forget_dialects
    from generation.prices.table import forget

    cache.clear()
    forget()
    forget_dialects()


@pytest.fixture
def api() -> "APIClient":
    """Return an anonymous client that sends JSON."""
    from rest_framework.test import APIClient

    return APIClient()


@pytest.fixture
def as_user(db: None) -> "Callable[[User], APIClient]":
    """Return a function that returns a client with a user's access token."""
    from rest_framework.test import APIClient

    from accounts.tokens import token_pair

    def client_of(user: "User") -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token_pair(user)['access_token']}")
        return client

    return client_of


@pytest.fixture
def editor_client(db: None) -> "Client":
    """A browser in which an editor has logged in to the admin."""
    from accounts.tests.baker_recipes import editor
    from blogsite.testing.browsers import logged_in

    return logged_in(editor.make(email="editor@example.com"))


@pytest.fixture
def page(live_server: "LiveServer", monkeypatch: pytest.MonkeyPatch) -> Iterator["Page"]:
    """Yield an empty tab of Debian's chromium, headless; each test has a browser of its own.

    Playwright's synchronous API keeps an event loop in this thread for as long as it is open. It would break other
    tests, and Django refuses its database in it unless DJANGO_ALLOW_ASYNC_UNSAFE is set.
    """
    from playwright.sync_api import expect, sync_playwright

    from blogsite.testing.workers import TIMEOUT

    path = shutil.which("chromium")
    if not path:
        pytest.skip("missing: chromium (Debian's package of this name)")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*arguments, "--disable-sync"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        # Playwright's own five seconds are too short for ReDoc's start beside other tests.
        page.set_default_timeout(TIMEOUT * 1000)
        expect.set_options(timeout=TIMEOUT * 1000)
        yield page
        browser.close()
