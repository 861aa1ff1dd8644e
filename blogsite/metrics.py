"""Prometheus metrics: requests counted by each web process, and the state of queue and workers, from the database."""

import logging
import time
from collections.abc import Callable, Iterable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.metrics_core import GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from generation.budgets.money import dollars
from generation.budgets.usage import standings_of_site
from generation.reporting import stats
from generation.reporting.kept import kept
from generation.reporting.totals import totals

logger = logging.getLogger("blogsite.requests")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
READS = {"GET", "HEAD", "OPTIONS"}
QUEUE_DEPTH = "Unfinished generations by status."

KEPT_FOR = 15.0  # seconds

registry = CollectorRegistry()
requests = Histogram(
    "blogsite_http_request_seconds",
    "Duration of the requests answered by this process.",
    ["method", "route", "status"],
    buckets=(0.001, 0.005, 0.025, 0.1, 0.5, 2.5),
    registry=registry,
)


def count_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: count every request by route and status; log writes and server errors.

    Reads are many and change nothing: they are only counted. No query, header or body is logged.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        took = time.perf_counter() - started
        method = request.method if request.method in METHODS else "other"
        requests.labels(method, route_of(request), response.status_code).observe(took)
        if request.method not in READS or response.status_code >= 500:
            facts = (request.method, request.path, response.status_code, took * 1000)
            logger.info("method=%s path=%r status=%s ms=%.1f", *facts)
        return response

    return middleware


def route_of(request: HttpRequest) -> str:
    """Return the pattern that matched: by path there would be a series for every post."""
    return f"/{request.resolver_match.route}" if request.resolver_match else "unknown"


class DatabaseCollector(Collector):
    """The state of queue and workers, the same in every process."""

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("blogsite_database_up", "Whether the database is available.")
        try:
            yield from kept("metrics", database_metrics, KEPT_FOR)
            up.add_metric([], 1)
        except DatabaseError:
            up.add_metric([], 0)
        yield up


def database_metrics() -> list[Metric]:
    found = totals()
    return [*queue_metrics(), *budget_metrics(), *outcome_metrics(found), *model_metrics(found)]


def queue_metrics() -> list[Metric]:
    queue = stats.recent_queue()
    depth = GaugeMetricFamily("blogsite_queue_depth", QUEUE_DEPTH, labels=["status"])
    for status, number in queue.depth.items():
        depth.add_metric([status], number)
    oldest = GaugeMetricFamily("blogsite_oldest_pending_seconds", "Age of the oldest pending generation.")
    oldest.add_metric([], queue.oldest_pending_seconds or 0.0)
    workers = GaugeMetricFamily("blogsite_workers", "Workers seen recently, busy or idle.")
    workers.add_metric([], queue.workers)
    paused = GaugeMetricFamily("blogsite_paused", "Whether all writing is paused: 1 or 0.")
    paused.add_metric([], queue.is_paused)
    return [depth, oldest, workers, paused]


def budget_metrics() -> list[Metric]:
    """Return how the shared budgets stand in their present periods; without a limit there is no gauge of one."""
    labels = ["account", "period"]
    spent = GaugeMetricFamily("blogsite_budget_spent_dollars", "Spent in the present period, UTC.", labels=labels)
    reserved = GaugeMetricFamily(
        "blogsite_budget_reserved_dollars", "What its unfinished generations can cost at most.", labels=labels
    )
    limit = GaugeMetricFamily("blogsite_budget_limit_dollars", "What may be spent and reserved.", labels=labels)
    for standing in standings_of_site():
        of = [standing.account, standing.kind.value]
        spent.add_metric(of, float(dollars(standing.spent)))
        reserved.add_metric(of, float(dollars(standing.reserved)))
        if standing.limit is not None:
            limit.add_metric(of, float(dollars(standing.limit)))
    return [spent, reserved, limit]


def outcome_metrics(found: stats.Totals) -> list[Metric]:
    outcomes = GaugeMetricFamily(
        "blogsite_generations",
        "Generations by status, failure code and landing; of long finished ones as they ended.",
        labels=["status", "failure", "landing"],
    )
    for (status, failure, landing), number in stats.generation_counts(found).items():
        outcomes.add_metric([status, failure, landing], number)
    return [outcomes]


def model_metrics(found: stats.Totals) -> list[Metric]:
    seconds = SummaryMetricFamily(
        "blogsite_generation_seconds", "Time from fetch to end of a generation.", labels=["model"]
    )
    calls = GaugeMetricFamily("blogsite_model_calls", "Model calls.", labels=["model"])
    tokens = GaugeMetricFamily("blogsite_model_tokens", "Tokens used.", labels=["model", "kind"])
    cost = GaugeMetricFamily(
        "blogsite_model_cost_dollars", "Cost of the tokens, where their price is known.", labels=["model"]
    )
    for use in stats.model_usage(found):
        seconds.add_metric([use.model], count_value=use.finished, sum_value=use.seconds)
        calls.add_metric([use.model], use.calls)
        for kind, number in use.tokens.items():
            tokens.add_metric([use.model, kind], number)
        if use.cost is not None:
            cost.add_metric([use.model], use.cost)
    return [seconds, calls, tokens, cost]


registry.register(DatabaseCollector())
