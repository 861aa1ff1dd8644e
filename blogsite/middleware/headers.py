"""What every answer says: that browsers may do with it as little as the page needs; and what it must not say."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# RFC 9110, 8.6: answers without a body, of which CommonMiddleware says that it is 0 bytes long.
BODILESS = (204, 304)
NOTHING = "default-src 'none'; frame-ancestors 'none'"
OWN_FILES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Swagger UI and ReDoc make style elements as they run, ReDoc a worker for its search; no script of ours is inline.
DOCUMENTATION = OWN_FILES.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") + "; worker-src blob:"
POLICIES = {"/admin": OWN_FILES, "/docs": DOCUMENTATION, "/redoc": DOCUMENTATION}
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def harden(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a content security policy and a permissions policy on every answer, no length of a body not sent."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        first, _, _ = request.path_info[1:].partition("/")
        response.headers["Content-Security-Policy"] = POLICIES.get(f"/{first}", NOTHING)
        response.headers["Permissions-Policy"] = PERMISSIONS
        if response.status_code in BODILESS:
            response.headers.pop("Content-Length", None)
        return response

    return middleware
