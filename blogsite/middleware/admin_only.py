"""Django's middleware for sessions, for the admin only: requests to the API do not pay for it."""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin


def is_for_admin(request: HttpRequest) -> bool:
    return request.path_info.startswith("/admin")


class AdminOnly(MiddlewareMixin):
    def __call__(self, request: HttpRequest) -> Any:
        if is_for_admin(request):
            return super().__call__(request)
        return self.get_response(request)


class Sessions(AdminOnly, SessionMiddleware):
    pass


class Authentication(AdminOnly, AuthenticationMiddleware):
    pass


class Messages(AdminOnly, MessageMiddleware):
    pass
