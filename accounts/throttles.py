"""How often one address may register and log in, and one user may ask for posts.

Counted in windows by each web process for itself: a service of N processes lets through N times as many at most.
"""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView


class WindowThrottle(BaseThrottle):
    """So many requests in each window of so many seconds, as settings.THROTTLES says of `scope`; None is no limit."""

    scope = ""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not (rate := settings.THROTTLES[self.scope]):
            return True
        most, seconds = rate
        window, self.past = divmod(time.time(), seconds)
        self.seconds = seconds
        key = f"throttle:{self.scope}:{window:.0f}:{self.who(request)}"
        return count(key, seconds) <= most

    def who(self, request: Request) -> Any:
        return self.get_ident(request)

    def wait(self) -> float:
        return float(self.seconds - self.past)


def count(key: str, seconds: int) -> int:
    """Count one more under `key`, which is forgotten after so many seconds; return how many there were."""
    if cache.add(key, 1, timeout=seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it was forgotten just now
        return 1


class RegisterThrottle(WindowThrottle):
    scope = "register"


class LoginThrottle(WindowThrottle):
    scope = "login"


class CreateThrottle(WindowThrottle):
    """By user, for everything that has the model write."""

    scope = "create"

    def who(self, request: Request) -> Any:
        return request.user.pk
