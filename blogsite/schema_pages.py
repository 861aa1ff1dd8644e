"""The API schema, and the two pages that show it."""

import hashlib
import threading
from typing import Any, cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import get_script_prefix, reverse
from django.utils.cache import get_conditional_response
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.request_ids import request_id

REQUEST_ID = "5d41a9c07be24f5f8a6e2b90c3d17f48"
building = threading.Lock()


class SchemaView(APIView):
    """The same for everybody, and therefore built once."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponseBase:
        body = built(get_script_prefix())
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        answer = HttpResponse(body, content_type=OpenApiJsonRenderer.media_type, headers={"ETag": tag})
        answer.headers["Content-Disposition"] = 'inline; filename="Blogsite.json"'
        return get_conditional_response(request._request, etag=tag, response=answer) or answer


def built(prefix: str) -> bytes:
    """Return the schema as JSON.

    Args:
        prefix: of all our paths, with a slash at the end.
    """
    with building:  # others wait, and need not build it too
        return cast(bytes, cache.get_or_set(f"schema:{prefix}", build, None))


def build() -> bytes:
    own_id = request_id.set(REQUEST_ID)  # or the examples would have the one of this request
    try:
        schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    finally:
        request_id.reset(own_id)
    body: bytes = OpenApiJsonRenderer().render(schema)
    return body.replace(b"(/problems)", f"({reverse('problems')})".encode())


def docs(request: HttpRequest) -> HttpResponse:
    page: Any = SpectacularSwaggerSplitView.as_view(url_self=reverse("docs"))(request)
    return cast(HttpResponse, page)


redoc = SpectacularRedocView.as_view(template_name="blogsite/redoc.html")
