"""Serves everything below the path of PUBLIC_URL, for a proxy that passes the path on whole."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def drop_prefix(get_response: GetResponse) -> GetResponse:
    """Middleware: treat `/blog/api/v1/blogs` as `/api/v1/blogs`.

    Without the prefix the same is answered, for a proxy that removes it, and for health checks past the proxy. In both
    cases the addresses in answers have it: Django adds FORCE_SCRIPT_NAME to them.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        prefix = settings.FORCE_SCRIPT_NAME
        if prefix and f"{request.path_info}/".startswith(f"{prefix}/"):
            request.path_info = request.path_info.removeprefix(prefix) or "/"
            request.path = prefix + request.path_info
        return get_response(request)

    return middleware
