"""Headers of every answer: security policies, and no length of a body that is not sent."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from blogsite.api.error_pages import PLACES

POLICY = "Content-Security-Policy"
# RFC 9110, 8.6: answers without a body, for which CommonMiddleware sets a Content-Length of 0.
BODILESS = (204, 304)
NOTHING = "default-src 'none'; frame-ancestors 'none'"
OWN_FILES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Swagger UI and ReDoc create style elements as they run, ReDoc a worker for its search; none of our scripts are inline.
DOCUMENTATION = OWN_FILES.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") + "; worker-src blob:"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def harden(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: add a content security policy and a permissions policy, drop the length of an absent body."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(POLICY, OWN_FILES if is_page(request) else NOTHING)
        response.headers["Permissions-Policy"] = PERMISSIONS
        if response.status_code in BODILESS:
            response.headers.pop("Content-Length", None)
        return response

    return middleware


def is_page(request: HttpRequest) -> bool:
    """Whether an answer may be a page with our own styles."""
    return request.path_info.startswith(PLACES)


def with_policy(policy: str, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return a view whose answers have this content security policy."""

    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = view(request, **kwargs)
        response.headers[POLICY] = policy
        return response

    return answer
