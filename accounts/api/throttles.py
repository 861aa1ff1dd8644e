"""Rate limits: by IP address for registration and login, by user for requests that start a generation.

Each web process counts for itself in fixed windows, so N processes allow up to N times as many requests.
"""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView


class WindowThrottle(BaseThrottle):
    """Allows a number of requests in each window, as set in settings.THROTTLES for `scope`; None means no limit."""

    scope = ""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not (rate := settings.THROTTLES[self.scope]):
            return True
        limit, seconds = rate
        window, elapsed = divmod(time.time(), seconds)
        self.remaining = float(seconds - elapsed)
        key = f"throttle:{self.scope}:{window:.0f}:{self.client_of(request)}"
        return count(key, seconds) <= limit

    def client_of(self, request: Request) -> Any:
        return self.get_ident(request)

    def wait(self) -> float:
        return self.remaining


def count(key: str, seconds: int) -> int:
    """Add one to the counter `key`, which expires after so many seconds; return its value."""
    if cache.add(key, 1, timeout=seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it has just expired
        return 1


class RegisterThrottle(WindowThrottle):
    scope = "register"


class LoginThrottle(WindowThrottle):
    scope = "login"


class CreateThrottle(WindowThrottle):
    """By user, for every request that starts a generation."""

    scope = "create"

    def client_of(self, request: Request) -> Any:
        return request.user.pk


class ExportThrottle(CreateThrottle):
    """By user, for documents that take long to write."""

    scope = "export"
