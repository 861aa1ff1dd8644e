"""Bodies beyond the limit are refused before anything reads them."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from blogsite.problems import problem_response

GetResponse = Callable[[HttpRequest], HttpResponse]


def limit_body(get_response: GetResponse) -> GetResponse:
    """Middleware: 413 by the announced length; DRF's parsers do not look at Django's own limit.

    A body of unannounced length is never read at all: WSGI reads as many bytes as were announced.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return problem_response(413, f"The body is larger than {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes.")
        return get_response(request)

    return middleware
