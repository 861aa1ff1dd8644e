"""Health, readiness and metrics."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from model_bakery import baker

from accounts.tests.baker_recipes import writer
from blogsite.testing.posts import bill, finished_text
from blogsite.views import METRICS_REFUSED
from generation.budgets.accounts import SELF_REGISTERED, SITE
from generation.budgets.periods import today
from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.models import Budget, WorkerSeen
from generation.queue import fetch, transitions
from generation.queue.site_pause import pause
from generation.tests.baker_recipes import waiting, written

pytestmark = pytest.mark.django_db


def metrics(api) -> dict[str, float]:
    answer = api.get("/metrics")
    assert answer["Content-Type"].startswith("text/plain; version=")
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_health_needs_no_database(api, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert api.get("/healthz").json() == {"status": "ok"}


def test_readiness_of_an_idle_service(api):
    assert api.get("/readyz").json() == {
        "status": "ready",
        "database": "ok",
        "queued": 0,
        "oldest_pending_seconds": None,
        "workers": 0,
        "paused": False,
    }


def test_readiness_shows_the_oldest_pending_and_the_workers_seen_recently(api):
    waiting.make()
    fetch.fetch_due(1, "here:1")
    baker.make(WorkerSeen, name="here:1", seen_at=timezone.now())
    baker.make(WorkerSeen, name="gone:2", seen_at=timezone.now() - timedelta(minutes=5))
    waiting.make(created_at=timezone.now() - timedelta(seconds=90))

    found = api.get("/readyz").json()

    assert (found["queued"], found["workers"]) == (2, 1)
    assert found["oldest_pending_seconds"] == pytest.approx(90, abs=30)


def test_a_paused_service_is_ready_and_says_that_it_is_paused(api):
    assert metrics(api)["blogsite_paused"] == 0
    cache.clear()
    pause()

    answer = api.get("/readyz")

    assert (answer.status_code, answer.json()["status"], answer.json()["paused"]) == (200, "ready", True)
    assert metrics(api)["blogsite_paused"] == 1


@pytest.mark.parametrize("path", ["/readyz", "/api/v1/blogs", "/api/v1/blogs/1"])
def test_an_unavailable_database_is_503(api, path):
    def refuse(*args):
        from django.db import OperationalError

        raise OperationalError("could not connect to postgres://user:hunter2@db")

    with connection.execute_wrapper(refuse):
        answer = api.get(path)

    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer["Retry-After"] == "5"
    assert b"hunter2" not in answer.content


def test_metrics_of_generations_come_from_the_database(api):
    waiting.make()
    (claim,) = fetch.fetch_due(1, "here:1")
    usage = Usage(prompt_tokens=1_000_000, completion_tokens=500_000, calls=6)
    transitions.land([finished_text(claim, usage=usage)])
    waiting.make()
    (claim,) = fetch.fetch_due(1, "here:1")
    transitions.fail(claim, GenerationFailed(FailureCode.REFUSED, "No."), bill())
    waiting.make(created_at=timezone.now() - timedelta(seconds=90))

    found = metrics(api)

    assert found['blogsite_generations{failure="",landing="landed",status="completed"}'] == 1
    assert found['blogsite_generations{failure="refused",landing="",status="failed"}'] == 1
    assert found['blogsite_queue_depth{status="pending"}'] == 1
    assert found["blogsite_oldest_pending_seconds"] >= 90
    assert found['blogsite_generation_seconds_count{model="gpt-4o-mini"}'] == 2
    assert found['blogsite_generation_seconds_sum{model="gpt-4o-mini"}'] >= 0
    assert found['blogsite_model_calls{model="gpt-4o-mini"}'] == 6
    assert found['blogsite_model_tokens{kind="prompt",model="gpt-4o-mini"}'] == 1_000_000
    assert found['blogsite_model_cost_dollars{model="gpt-4o-mini"}'] == 0.45
    assert found["blogsite_database_up"] == 1


def test_metrics_have_no_cost_of_a_model_whose_price_nobody_knows(api):
    written.make(model="llama-of-the-house", cost=None)

    found = metrics(api)

    assert found['blogsite_model_calls{model="llama-of-the-house"}'] == 2
    assert 'blogsite_model_cost_dollars{model="llama-of-the-house"}' not in found


@pytest.mark.parametrize(
    "client", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}, {"HTTP_FORWARDED": "for=192.0.2.7"}]
)
def test_metrics_are_for_this_machine_only(api, client):
    answer = api.get("/metrics", **client)

    assert (answer.status_code, answer.json()["detail"]) == (403, METRICS_REFUSED)


@pytest.mark.parametrize(
    ("sent", "status"),
    [("Bearer sesame", 200), ("BEARER sesame", 200), ("Bearer other", 403), ("sesame", 403), ("", 403)],
)
def test_metrics_are_for_those_who_know_the_token(api, settings, sent, status):
    settings.METRICS_TOKEN = "sesame"

    assert api.get("/metrics", REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION=sent).status_code == status


def test_metrics_have_the_shared_budgets_of_the_present_periods(api, settings):
    settings.BUDGETS = {"BUDGET_SITE_DAY": Decimal(5)}
    for account, kind, start, spent in (
        (SITE, "day", today(), 1_250_000), (SITE, "month", today().replace(day=1), 31_000_000),
        (SITE, "day", today() - timedelta(days=1), 4_000_000), (SELF_REGISTERED, "day", today(), 7),
        ("user:7", "day", today(), 8),
    ):  # fmt: skip
        baker.make(Budget, account=account, kind=kind, start=start, spent=spent, reserved=500_000)

    found = {name: value for name, value in metrics(api).items() if name.startswith("blogsite_budget")}

    assert found == {
        'blogsite_budget_spent_dollars{account="site",period="day"}': 1.25,
        'blogsite_budget_spent_dollars{account="site",period="month"}': 31,
        'blogsite_budget_spent_dollars{account="self-registered",period="day"}': 0.000007,
        'blogsite_budget_reserved_dollars{account="site",period="day"}': 0.5,
        'blogsite_budget_reserved_dollars{account="site",period="month"}': 0.5,
        'blogsite_budget_reserved_dollars{account="self-registered",period="day"}': 0.5,
        'blogsite_budget_limit_dollars{account="site",period="day"}': 5,
        'blogsite_budget_limit_dollars{account="self-registered",period="day"}': 2.5,
    }


def test_metrics_are_kept_for_some_seconds(api, django_assert_num_queries):
    api.get("/metrics")

    with django_assert_num_queries(0):
        api.get("/metrics")


def test_requests_are_counted_by_route_and_status(api, as_user):
    name = 'blogsite_http_request_seconds_count{method="GET",route="/api/v1/blogs/<int:pk>",status="404"}'
    before = metrics(api).get(name, 0)

    for pk in (998, 999):
        api.get(f"/api/v1/blogs/{pk}")
    as_user(writer.make()).generic("BREW", "/no/such/place")

    assert metrics(api)[name] == before + 2
    assert metrics(api)['blogsite_http_request_seconds_count{method="other",route="unknown",status="404"}'] >= 1
