"""Addresses are written without a trailing slash and accepted with one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def drop_trailing_slash(get_response: GetResponse) -> GetResponse:
    """Middleware: `/api/v1/blogs/` is `/api/v1/blogs`, without a redirect, which would drop the body of a POST.

    The admin keeps its own addresses, which end in a slash.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.endswith("/") and not request.path_info.startswith("/admin"):
            request.path_info = request.path_info.rstrip("/") or "/"
            request.path = request.path.rstrip("/") or "/"
        return get_response(request)

    return middleware
