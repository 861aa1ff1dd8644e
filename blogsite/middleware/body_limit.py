"""Rejects bodies over the limit before anything parses them."""

from collections.abc import Callable
from io import BytesIO

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from blogsite.api.problems import BODY_TOO_LARGE, answer, problem_response

GetResponse = Callable[[HttpRequest], HttpResponse]


def limit_body(get_response: GetResponse) -> GetResponse:
    """Middleware: answer 413 to a body that is too large; DRF's parsers ignore Django's own limit.

    WSGI reads as many bytes as Content-Length says. A body without it (chunked) is read here, since Django would treat
    it as empty, and a client's text would be lost.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if is_chunked(request):
            try:
                body = request.META["wsgi.input"].read(limit + 1)
            except OSError:
                return problem_response(400, "The body is incomplete.", "malformed-request")
            request.META["CONTENT_LENGTH"] = str(len(body))
            request._stream = BytesIO(body)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > limit:
            return answer(request, 413, BODY_TOO_LARGE.format(limit))
        return get_response(request)

    return middleware


def is_chunked(request: HttpRequest) -> bool:
    """Return whether the request may have a body of unknown length; the server must mark its end."""
    of_known_length = request.method in ("GET", "HEAD") or request.META.get("CONTENT_LENGTH")
    return not of_known_length and bool(request.META.get("wsgi.input_terminated"))
