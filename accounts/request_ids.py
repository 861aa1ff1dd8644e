"""Request ids: one in the answer, in every log line, and on the generation that a request starts."""

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
VALID = re.compile(r"[A-Za-z0-9._\-]{1,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="")


def assign_request_ids(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: use the client's X-Request-ID if it is valid, else generate one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        assigned = given if VALID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(assigned)
        try:
            response = get_response(request)
        finally:
            request_id.reset(token)
        response.headers[HEADER] = assigned
        return response

    return middleware


class RequestIdFilter(logging.Filter):
    """Add the request's id to each log record; the worker's records have their own."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id"):
            record.request_id = request_id.get() or "-"
        return True
