"""Rate limits in fixed windows: by network for what needs no login or posts mail, by user for requests that start a
generation.

Those by network are counted in the database, for all web processes together. By user, each process counts for itself.
"""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.counts import count_request
from accounts.networks import network_of


class WindowThrottle(BaseThrottle):
    """Allows a number of requests in each window, as set in settings.THROTTLES for `scope`; None means no limit."""

    scope = ""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not (rate := settings.THROTTLES[self.scope]):
            return True
        limit, seconds = rate
        count, self.remaining = self.count(request, seconds)
        return count <= limit

    def count(self, request: Request, seconds: int) -> tuple[int, float]:
        """Count a request; return how many there were in this window, and the seconds that are left of it."""
        return count_request(self.scope, network_of(request), seconds)

    def wait(self) -> float:
        return self.remaining


class RegisterThrottle(WindowThrottle):
    scope = "register"


class LoginThrottle(WindowThrottle):
    """For all that takes a password or a link's token."""

    scope = "login"


class MailThrottle(WindowThrottle):
    scope = "mail"


class CreateThrottle(WindowThrottle):
    """By user, for every request that starts a generation."""

    scope = "create"

    def count(self, request: Request, seconds: int) -> tuple[int, float]:
        window, elapsed = divmod(time.time(), seconds)
        key = f"throttle:{self.scope}:{window:.0f}:{request.user.pk}"
        return count_in_process(key, seconds), seconds - elapsed


class EditThrottle(CreateThrottle):
    """By user, for every other request that changes a post."""

    scope = "edit"


class ExportThrottle(CreateThrottle):
    """By user, for documents that take long to write."""

    scope = "export"


def count_in_process(key: str, seconds: int) -> Any:
    """Add one to the counter `key`, which expires after so many seconds; return its value."""
    if cache.add(key, 1, timeout=seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it has just expired
        return 1
