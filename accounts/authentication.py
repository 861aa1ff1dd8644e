"""Authentication by bearer token."""

import re
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.tokens import Token

from accounts.models import User
from accounts.tokens import is_current

ACCESS_REFUSED = "This access token is not valid or has expired. Log in again."
SCHEME = re.compile(rb"^\s*bearer\b", re.IGNORECASE)


def authenticated_user(request: HttpRequest) -> User:
    """Return the user who sent a request.

    Raises:
        NotAuthenticated: nobody is logged in.
    """
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


class TokenAuthentication(JWTAuthentication):
    """SimpleJWT's bearer token; every invalid one gets the same answer."""

    def authenticate(self, request: Request) -> Any:
        try:
            return super().authenticate(request)
        except (
            InvalidToken,
            AuthenticationFailed,
            ValueError,
            OverflowError,
        ) as error:  # the last two: a `sub` that is not an id
            raise AuthenticationFailed(ACCESS_REFUSED) from error

    def get_raw_token(self, header: bytes) -> bytes | None:
        """Take the scheme in any case (RFC 9110, 11.1); SimpleJWT compares its letters."""
        return super().get_raw_token(SCHEME.sub(b"Bearer", header))

    def get_user(self, validated_token: Token) -> Any:
        user: Any = super().get_user(validated_token)
        if not is_current(validated_token, user):
            raise AuthenticationFailed(ACCESS_REFUSED)
        return user


class TokenAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Lets users of Swagger UI's `Authorize` log in with e-mail address and password."""

    target_class = TokenAuthentication
    name = "login"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "oauth2",
            "description": "Use your e-mail address as the username.",
            "flows": {"password": {"tokenUrl": reverse("login"), "refreshUrl": reverse("refresh"), "scopes": {}}},
        }
