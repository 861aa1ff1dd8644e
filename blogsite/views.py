"""The front door: what this is, and whether it is alive."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse

LINKS = {"api": "/api/v1/blogs", "docs": "/docs", "redoc": "/redoc", "schema": "/openapi.json", "admin": "/admin/"}


def index(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"name": "Blogsite", "version": settings.VERSION, "links": LINKS})


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})
