"""Rejects bodies that are too large, compressed or did not come whole, before anything parses them."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from blogsite.api.error_pages import is_for_a_person
from blogsite.api.problems import BODY_TOO_LARGE, answer

GetResponse = Callable[[HttpRequest], HttpResponse]

FAULT = "blogsite.body_fault"  # in a request's META: the status to answer, where the server could not read the body
BODY_WITHIN = 60.0  # seconds
REFUSALS = {
    400: ("The body is incomplete.", "malformed-request"),
    408: (f"The body did not come within {BODY_WITHIN:.0f} seconds.", "body-too-slow"),
    411: ("Send the body with its Content-Length.", "length-required"),
    415: ("The body is compressed. Send it as it is, without Content-Encoding.", "unsupported-media-type"),
    503: ("Too many large bodies are coming, or too many requests are waiting, at the moment.", "busy"),
}
PLAIN = "identity"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
FORM_TOO_LARGE = "This form has more than fits into it: a text has at most {:,} characters."
WAIT = 5  # seconds before another attempt makes sense


def limit_body(get_response: GetResponse) -> GetResponse:
    """Middleware: answer 413 to a body that is too large; DRF's parsers ignore Django's own limit.

    Forms in the admin may have more, as `limit_of` says.

    A compressed body gets 415 (RFC 9110, 8.4): to unpack one would take a limit of its own.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        limit = limit_of(request.path_info, request.META.get("CONTENT_TYPE", ""))
        length = request.META.get("CONTENT_LENGTH") or "0"
        fault = 413 if length.isdecimal() and int(length) > limit else request.META.get(FAULT, 0)
        if length != "0" and not is_plain(request):
            fault = fault or 415
        return refusal(request, fault, limit) if fault else get_response(request)

    return middleware


def limit_of(path: str, content_type: str) -> int:
    """Return how many bytes a body may have.

    Args:
        path: without the prefix of PUBLIC_URL.
        content_type: as it was sent.
    """
    is_form = path.startswith("/admin/") and content_type.strip().lower().startswith(FORMS)
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE if is_form else settings.BODY_MAX


def is_plain(request: HttpRequest) -> bool:
    return request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower() in ("", PLAIN)


def refusal(request: HttpRequest, fault: int, limit: int) -> HttpResponse:
    if fault == 413 and is_for_a_person(request):
        return answer(request, fault, FORM_TOO_LARGE.format(settings.TEXT_MAX))
    if fault == 413:
        return answer(request, fault, BODY_TOO_LARGE.format(limit))
    response = answer(request, fault, *REFUSALS[fault])
    if fault == 503:
        response.headers["Retry-After"] = str(WAIT)
    if fault == 415:
        response.headers["Accept-Encoding"] = PLAIN
    return response
