"""The front door: what this is, and how it is."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_serializer
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from blogsite.api.problems import problem_response
from blogsite.metrics import registry
from generation.reporting import stats

READY = OpenApiExample(
    "Two posts wait",
    value={"status": "ready", "database": "ok", "queued": 3, "oldest_pending_seconds": 4.25, "workers": 1},
    response_only=True,
)
FIGURES = OpenApiExample(
    "Three posts wait",
    value="# HELP blogsite_queue_depth Generations that wait or are being written.\n"
    "# TYPE blogsite_queue_depth gauge\n"
    'blogsite_queue_depth{status="pending"} 3.0\n',
    response_only=True,
)
LINKS = {
    "api": "/api/v1/blogs",
    "docs": "/docs",
    "redoc": "/redoc",
    "schema": "/openapi.json",
    "admin": "/admin/",
    "health": "/healthz",
    "readiness": "/readyz",
    "metrics": "/metrics",
}


@csrf_exempt  # whoever posts here gets our 405, not a page about cookies
def index(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        answer = problem_response(405, f'Method "{request.method}" not allowed.')
        answer.headers["Allow"] = "GET, HEAD, OPTIONS"
        return answer
    return JsonResponse({"name": "Blogsite", "version": settings.VERSION, "links": LINKS})


@extend_schema_serializer(examples=[OpenApiExample("Alive", value={"status": "ok"}, response_only=True)])
class HealthSerializer(serializers.Serializer[Any]):
    status = serializers.CharField(help_text="`ok`")


@extend_schema_serializer(examples=[READY])
class ReadinessSerializer(serializers.Serializer[Any]):
    status = serializers.CharField(help_text="`ready`")
    database = serializers.CharField(help_text="`ok`")
    queued = serializers.IntegerField(help_text="Posts that wait or are being written.")
    oldest_pending_seconds = serializers.FloatField(allow_null=True, help_text="null when none waits.")
    workers = serializers.IntegerField(help_text="Workers that were seen in the last 20 seconds, busy or not.")


class OperatorView(APIView):
    """For programs that watch the service: no token, nothing secret."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


@extend_schema(tags=["operation"])
class HealthView(OperatorView):
    @extend_schema(operation_id="healthz", summary="Is the process alive?", responses={200: HealthSerializer})
    def get(self, request: Request) -> Response:
        """Asks nothing else, not even the database."""
        return Response({"status": "ok"})


@extend_schema(tags=["operation"])
class ReadinessView(OperatorView):
    @extend_schema(
        operation_id="readyz", summary="Can it serve, and does the work go on?", responses={200: ReadinessSerializer}
    )
    def get(self, request: Request) -> Response:
        """503 while the database does not answer. Watch `oldest_pending_seconds` to see whether workers keep up."""
        queue = stats.queue()
        return Response(
            {
                "status": "ready",
                "database": "ok",
                "queued": sum(queue.depth.values()),
                "oldest_pending_seconds": queue.oldest_pending_seconds,
                "workers": queue.workers,
            }
        )


@extend_schema(tags=["operation"])
class MetricsView(OperatorView):
    @extend_schema(
        operation_id="metrics",
        summary="Figures for Prometheus",
        responses={(200, "text/plain"): OpenApiResponse(OpenApiTypes.STR, examples=[FIGURES])},
    )
    def get(self, request: Request) -> HttpResponse:
        """Requests are those of the process that answers; all other figures come from the database."""
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
