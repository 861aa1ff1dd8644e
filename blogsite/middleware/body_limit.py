"""Bodies beyond the limit are refused before anything parses them."""

from collections.abc import Callable
from io import BytesIO

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from blogsite.api.problems import problem_response

GetResponse = Callable[[HttpRequest], HttpResponse]


def limit_body(get_response: GetResponse) -> GetResponse:
    """Middleware: 413 for a body that is too long; DRF's parsers do not look at Django's own limit.

    WSGI reads as many bytes as were announced. A body that was not (chunked) is read here, or Django takes it for
    empty, and a client's text is lost.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if is_unannounced(request):
            try:
                body = request.META["wsgi.input"].read(most + 1)
            except OSError:
                return problem_response(400, "The body broke off.")
            request.META["CONTENT_LENGTH"] = str(len(body))
            request._stream = BytesIO(body)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > most:
            return problem_response(413, f"The body is larger than {most} bytes.")
        return get_response(request)

    return middleware


def is_unannounced(request: HttpRequest) -> bool:
    """Whether a body may come whose length only its end will tell; the server must mark that end."""
    of_known_length = request.method in ("GET", "HEAD") or request.META.get("CONTENT_LENGTH")
    return not of_known_length and bool(request.META.get("wsgi.input_terminated"))
