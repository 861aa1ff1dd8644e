"""Accepts a trailing slash on every URL; the canonical form has none."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from blogsite.middleware.admin_only import is_for_admin

GetResponse = Callable[[HttpRequest], HttpResponse]


def drop_trailing_slash(get_response: GetResponse) -> GetResponse:
    """Middleware: treat `/api/v1/blogs/` as `/api/v1/blogs`, without a redirect, which would drop the body of a POST.

    The admin's own URLs end in a slash.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.endswith("/") and not is_for_admin(request):
            request.path_info = request.path_info.rstrip("/") or "/"
            request.path = request.path.rstrip("/") or "/"
        return get_response(request)

    return middleware
