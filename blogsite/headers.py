"""What browsers may do with our answers: as little as each page needs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
    """Middleware: a content security policy and a permissions policy on every answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        first, _, _ = request.path_info[1:].partition("/")
        response.headers["Content-Security-Policy"] = POLICIES.get(f"/{first}", NOTHING)
        response.headers["Permissions-Policy"] = PERMISSIONS
        return response

    return middleware
