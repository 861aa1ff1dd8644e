"""The one path by which a password is tried, at every login."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.attempts import begin_attempt
from accounts.models import User


class CountingBackend(ModelBackend):
    """Django's, with each attempt counted before it is hashed; `authenticate` raises TooManyAttempts."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        address = kwargs.get(User.USERNAME_FIELD, username)
        if address is None or password is None:
            return None
        attempt = begin_attempt(request, address)
        user = super().authenticate(request, address, password)
        if user:
            attempt.give_back()
        return user
