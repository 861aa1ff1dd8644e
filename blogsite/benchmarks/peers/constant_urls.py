"""One view that reads nothing and returns as many bytes as a post has: the least that Django does for a request."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

BYTES = b'{"blog":{"content":"' + b"bread and " * 320 + b'"}}'


def constant(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(BYTES, content_type="application/json")


urlpatterns = [path("api/v1/blogs/<int:pk>", constant)]
