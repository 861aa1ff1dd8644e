"""API errors as `application/problem+json` (RFC 9457), with the top-level `detail` that clients rely on."""

import logging
import math
import sys
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.attempts import WrongPassword
from accounts.refusals import Refusal
from accounts.request_ids import request_id
from blogs.database.outages import Outage, outage_of
from blogsite.api.error_pages import CSRF_FAILED, FORM_REFUSED, RELOAD, error_page, is_for_a_person, is_for_admin
from blogsite.api.problem_types import PROBLEM_TYPES
from blogsite.api.renderers import OrjsonRenderer

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponse]

CONTENT_TYPE = "application/problem+json"
NOTHING_CHANGED = "Nothing was changed; try again in a moment."
PERHAPS_CHANGED = "Look whether it took effect before you try again."
CANNOT_SHOW = "This page cannot be shown at the moment"
NOT_SAVED, PERHAPS_SAVED = "Nothing was saved", "Perhaps this was not saved"
SAVE_AGAIN = "Go back to find what you typed, copy what you need, and save it again in a moment."
SEND_AGAIN = "Go back, and send the form again in a moment."
DATABASE_AWAY = f"{Outage.UNREACHABLE.detail} {NOTHING_CHANGED}"
OUTAGE_WAIT = 5  # seconds before another attempt makes sense
BODY_TOO_LARGE = "The body is larger than {} bytes."
# What an answer is that says nothing more special.
USUAL = {
    400: "invalid-input",
    401: "credentials-not-accepted",
    402: "budget-exhausted",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    409: "state-conflict",
    412: "precondition-failed",
    413: "body-too-large",
    415: "unsupported-media-type",
    422: "idempotency-key-reused",
    429: "too-many-requests",
    500: "internal-error",
    503: "database-unavailable",
}


class Unavailable(APIException):
    """The service cannot answer at the moment.

    Args:
        wait: seconds after which a retry makes sense.
    """

    status_code = 503

    def __init__(self, detail: str, wait: int) -> None:
        super().__init__(detail)
        self.wait = wait  # DRF makes Retry-After of it


class Refused(APIException):
    """DRF's form of a refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.status_code, self.problem, self.members = refusal.status, refusal.problem, refusal.members
        if refusal.wait is not None:
            self.wait = math.ceil(refusal.wait)  # DRF makes Retry-After of it


def problem_url(name: str) -> str:
    return f"{get_script_prefix()}problems/{name}"


def problem(status: int, detail: str, name: str = "", /, **members: Any) -> dict[str, Any]:
    """Return the members of a problem.

    Args:
        status: the HTTP status code.
        detail: what went wrong this time, in a sentence.
        name: of PROBLEM_TYPES; empty for the usual one of this status.
        members: what else it tells a program.
    """
    if request := request_id.get():
        members["request_id"] = request
    name = name or USUAL.get(status, "")
    kind = PROBLEM_TYPES.get(name)
    url, title = (problem_url(name), kind.title) if kind else ("about:blank", HTTPStatus(status).phrase)
    return {"type": url, "title": title, "status": status, "detail": detail, **members}


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception with DRF's status and headers and a problem as the body."""
    error = as_api_error(error)
    response = exception_handler(error, context)
    if response is None:
        return None  # a bug: Django logs it and calls `server_error`
    if isinstance(error, ValidationError):
        body = problem(response.status_code, first_message(response.data), errors=by_field(response.data))
    else:
        members = error.members if isinstance(error, Refused) else {}
        body = problem(response.status_code, str(response.data["detail"]), problem_name(error), **members)
    response.data = body
    response.content_type = CONTENT_TYPE
    if request := context.get("request"):  # the view's own renderer may be an HTML one
        request.accepted_renderer, request.accepted_media_type = OrjsonRenderer(), CONTENT_TYPE
    return response


def problem_name(error: Exception) -> str:
    """Return the name that an exception has for its kind of problem, empty for the usual one of its status."""
    return "malformed-request" if isinstance(error, ParseError) else getattr(error, "problem", "")


def as_api_error(error: Exception) -> Exception:
    """Return the API's error for a refusal or an outage of the database; all others as they are."""
    if isinstance(error, Refusal):
        return Refused(error)
    if isinstance(error, WrongPassword):
        return ValidationError({"password": [str(error)]})
    if outage := outage_of(error):
        log_outage(outage, error)
        return Unavailable(outage_detail(outage), OUTAGE_WAIT)
    return error


def log_outage(outage: Outage, error: BaseException) -> None:
    logger.error("%s %s (%s)", outage.detail, outage.fix, " ".join(str(error).split()))


def outage_detail(outage: Outage, advice: str = NOTHING_CHANGED) -> str:
    return f"{outage.detail} {advice}"


def by_field(errors: Any) -> dict[str, Any]:
    return errors if isinstance(errors, dict) else {"non_field_errors": errors}


def first_message(errors: Any, field: str = "") -> str:
    """Return the first of DRF's nested messages as one sentence, with the field it is about."""
    if isinstance(errors, dict):
        key, value = next(iter(errors.items()))
        return first_message(value, "" if key == "non_field_errors" else str(key))
    if isinstance(errors, list):
        return first_message(errors[0], field)
    return f"{field}: {errors}" if field else str(errors)


def problem_response(status: int, detail: str, name: str = "") -> HttpResponse:
    body = OrjsonRenderer().render(problem(status, detail, name))
    return HttpResponse(body, status=status, content_type=CONTENT_TYPE)


def read_only(view: View) -> View:
    """Answer 405 to requests that would change something."""

    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return view(request, **kwargs)
        refusal = problem_response(405, f'Method "{request.method}" not allowed.')
        refusal.headers["Allow"] = "GET, HEAD, OPTIONS"
        return refusal

    return answer


def answer(request: HttpRequest, status: int, detail: str, name: str = "") -> HttpResponse:
    """Return an error outside of DRF's views: a page to a person, a problem to a program."""
    if is_for_a_person(request):
        return error_page(request, status, PROBLEM_TYPES[name or USUAL[status]].title, detail)
    return problem_response(status, detail, name)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, SessionInterrupted) and (outage := outage_behind(exception)):
        return outage_response(request, outage, may_be_saved=True)
    return answer(request, 400, "The request is malformed.", "malformed-request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 403, "You are not allowed to do this.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django calls this for a form that another site may have sent; it logs the reason."""
    if is_for_a_person(request):
        return error_page(request, 403, FORM_REFUSED, CSRF_FAILED, RELOAD)
    return problem_response(403, reason)


def not_found(request: HttpRequest, exception: Exception | None = None, **parts: str) -> HttpResponse:
    return answer(request, 404, "Nothing was found at this URL.")


def outage_behind(error: BaseException | None) -> Outage | None:
    """Return the outage that an error hides: Django calls a session that it could not save a deleted one."""
    while error:
        if outage := outage_of(error):
            return outage
        error = error.__context__
    return None


def outage_response(request: HttpRequest, outage: Outage, *, may_be_saved: bool = False) -> HttpResponse:
    """Return the answer outside of DRF's views: a page to a person, else a problem.

    Args:
        may_be_saved: the view itself had succeeded.
    """
    if is_for_a_person(request):
        response = outage_page(request, outage, may_be_saved=may_be_saved)
    else:
        response = problem_response(503, outage_detail(outage, PERHAPS_CHANGED if may_be_saved else NOTHING_CHANGED))
    response.headers["Retry-After"] = str(OUTAGE_WAIT)
    return response


def outage_page(request: HttpRequest, outage: Outage, *, may_be_saved: bool) -> HttpResponse:
    if request.method in ("GET", "HEAD"):
        return error_page(request, 503, CANNOT_SHOW, outage.detail, again=request.get_full_path())
    again = SAVE_AGAIN if is_for_admin(request) else SEND_AGAIN
    title, advice = (PERHAPS_SAVED, PERHAPS_CHANGED) if may_be_saved else (NOT_SAVED, again)
    return error_page(request, 503, title, outage.detail, advice)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles the exception: a mistake of ours, or an outage outside of a view."""
    if (error := sys.exception()) and (outage := outage_of(error)):
        return outage_response(request, outage, may_be_saved=True)
    return answer(request, 500, "An internal error occurred. It was logged, and nothing was changed.")
