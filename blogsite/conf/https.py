"""Settings of a service behind TLS, and the addresses that monitoring asks without it."""

import re
from typing import Any

HEALTH = ("/healthz", "/readyz", "/metrics")  # asked from the inside, over plain HTTP and by any name
# What browsers are to remember for a year: nothing, this host, its subdomains too, the same in the browsers' own list.
HSTS = ("host", "subdomains", "preload", "off")
YEAR = 365 * 24 * 3600  # seconds


def https(hsts: str, prefix: str) -> dict[str, Any]:
    """Return Django's settings.

    Args:
        hsts: one of HSTS. All but the host itself is for the operator to decide: other services may be there.
        prefix: of all our paths.
    """
    return {
        "SECURE_SSL_REDIRECT": True,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        "SECURE_HSTS_SECONDS": 0 if hsts == "off" else YEAR,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": hsts in ("subdomains", "preload"),
        "SECURE_HSTS_PRELOAD": hsts == "preload",
        # `check --deploy` asks for more than the operator chose.
        "SILENCED_SYSTEM_CHECKS": ["security.W004", "security.W005", "security.W021"],
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_REDIRECT_EXEMPT": [f"^{re.escape(f'{prefix}{path}'[1:])}/?$" for path in HEALTH],
    }
