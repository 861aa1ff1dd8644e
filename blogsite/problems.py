"""Every error of the API as `application/problem+json` (RFC 9457), with the `detail` that clients know."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from blogsite.renderers import OrjsonRenderer

CONTENT_TYPE = "application/problem+json"


def problem(status: int, detail: str, **members: Any) -> dict[str, Any]:
    """Return the members of a problem; `status` is the HTTP status code."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: its status and headers, our body."""
    response = exception_handler(error, context)
    if response is None:
        return None  # a bug: Django logs it and calls `server_error`
    if isinstance(error, ValidationError):
        body = problem(response.status_code, first_message(response.data), errors=response.data)
    else:
        body = problem(response.status_code, str(response.data["detail"]))
    response.data = body
    response.content_type = CONTENT_TYPE
    return response


def first_message(errors: Any, field: str = "") -> str:
    """Return the first of DRF's nested messages as one sentence, with the field it is about."""
    if isinstance(errors, dict):
        key, value = next(iter(errors.items()))
        return first_message(value, "" if key == "non_field_errors" else str(key))
    if isinstance(errors, list):
        return first_message(errors[0], field)
    return f"{field}: {errors}" if field else str(errors)


def problem_response(status: int, detail: str) -> HttpResponse:
    return HttpResponse(OrjsonRenderer().render(problem(status, detail)), status=status, content_type=CONTENT_TYPE)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_response(400, "The request is malformed.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_response(403, "You may not do this.")


def not_found(request: HttpRequest, exception: Exception | None = None, **parts: str) -> HttpResponse:
    return problem_response(404, "There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponse:
    return problem_response(500, "Something broke on our side. It is in the log; nothing was changed.")
