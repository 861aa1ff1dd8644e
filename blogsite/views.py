"""The index, and what monitoring needs: health, readiness and metrics."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_serializer
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from blogs.database.probe import write_outage
from blogsite.api.problems import OUTAGE_WAIT, Unavailable, read_only
from blogsite.metrics import QUEUE_DEPTH, registry
from generation.reporting import stats

READY = OpenApiExample(
    "Three generations queued",
    value={
        "status": "ready",
        "database": "ok",
        "queued": 3,
        "oldest_pending_seconds": 4.25,
        "workers": 1,
        "paused": False,
    },
    response_only=True,
)
METRICS = OpenApiExample(
    "Three generations queued",
    value=f"# HELP blogsite_queue_depth {QUEUE_DEPTH}\n"
    "# TYPE blogsite_queue_depth gauge\n"
    'blogsite_queue_depth{status="pending"} 3.0\n',
    response_only=True,
)
METRICS_REFUSED = "Metrics are for this machine only, or for those who send METRICS_TOKEN as a bearer token."
# What proxies add to a request.
FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)
# What the index links to, by the names of their urls.
LINKS = {
    "api": "blogs",
    "docs": "docs",
    "redoc": "redoc",
    "schema": "schema",
    "problems": "problems",
    "admin": "admin:index",
    "health": "healthz",
    "readiness": "readyz",
    "metrics": "metrics",
}


@csrf_exempt  # a POST gets our 405, not a page about cookies
@read_only
def index(request: HttpRequest) -> HttpResponse:
    links = {name: reverse(url_name) for name, url_name in LINKS.items()}
    return JsonResponse({"name": "Blogsite", "version": settings.VERSION, "links": links})


@extend_schema_serializer(examples=[OpenApiExample("Alive", value={"status": "ok"}, response_only=True)])
class HealthSerializer(serializers.Serializer[Any]):
    status = serializers.CharField(help_text="`ok`")


@extend_schema_serializer(examples=[READY])
class ReadinessSerializer(serializers.Serializer[Any]):
    status = serializers.CharField(help_text="`ready`")
    database = serializers.CharField(help_text="`ok`")
    queued = serializers.IntegerField(help_text="Unfinished generations.")
    oldest_pending_seconds = serializers.FloatField(
        allow_null=True, help_text="Age of the oldest pending generation; null if none."
    )
    workers = serializers.IntegerField(help_text="Workers seen in the last 20 seconds, busy or idle.")
    paused = serializers.BooleanField(
        help_text="Whether an operator has paused all writing: requests are accepted, and queue."
    )


def may_read_metrics(request: HttpRequest) -> bool:
    """Return whether a client knows METRICS_TOKEN or, without one, is on this machine and no proxy's."""
    if token := settings.METRICS_TOKEN:
        scheme, _, sent = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        return scheme.lower() == "bearer" and constant_time_compare(sent, token)
    is_forwarded = any(name in request.META for name in FORWARDED)
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and not is_forwarded


class OperatorView(APIView):
    """For monitoring: no user's token, nothing secret."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    needs_database = True  # for the API schema: whether it answers 503 without one


@extend_schema(tags=["operation"])
class HealthView(OperatorView):
    needs_database = False

    @extend_schema(operation_id="healthz", summary="Liveness", responses={200: HealthSerializer})
    def get(self, request: Request) -> Response:
        """Checks the process only, not the database."""
        return Response({"status": "ok"})


@extend_schema(tags=["operation"])
class ReadinessView(OperatorView):
    @extend_schema(operation_id="readyz", summary="Readiness, with queue status", responses={200: ReadinessSerializer})
    def get(self, request: Request) -> Response:
        """503 while a write would not succeed, with the reason: the database is away, read-only, full or not migrated.

        `oldest_pending_seconds` shows whether the workers keep up. While writing is paused the service is ready:
        requests are accepted, and queue.
        """
        if outage := write_outage():
            raise Unavailable(f"{outage.detail} {outage.fix}", OUTAGE_WAIT)
        queue = stats.recent_queue()
        return Response(
            {
                "status": "ready",
                "database": "ok",
                "queued": sum(queue.depth.values()),
                "oldest_pending_seconds": queue.oldest_pending_seconds,
                "workers": queue.workers,
                "paused": queue.is_paused,
            }
        )


@extend_schema(tags=["operation"])
class MetricsView(OperatorView):
    needs_database = False

    @extend_schema(
        operation_id="metrics",
        summary="Prometheus metrics",
        responses={
            (200, "text/plain"): OpenApiResponse(OpenApiTypes.STR, examples=[METRICS]),
            403: OpenApiResponse(description=METRICS_REFUSED),
        },
    )
    def get(self, request: Request) -> HttpResponse:
        """Request metrics are those of the answering process; all others come from the database, seconds old.

        With METRICS_TOKEN send it as a bearer token; without it only clients on the service's own machine are answered.
        """
        if not may_read_metrics(request):
            raise PermissionDenied(METRICS_REFUSED)
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
