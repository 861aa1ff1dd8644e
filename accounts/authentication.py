"""Who sent this request: the user of the bearer token."""

from typing import Any

from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken

from accounts.models import User


def person(request: HttpRequest) -> User:
    """Return the user of a request that only users may send."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


class TokenAuthentication(JWTAuthentication):
    """A SimpleJWT bearer token, refused in one sentence whatever is wrong with it."""

    def authenticate(self, request: Request) -> Any:
        try:
            return super().authenticate(request)
        except (InvalidToken, AuthenticationFailed, ValueError, OverflowError) as error:  # also a `sub` that is no id
            raise AuthenticationFailed("This access token is not valid or has expired. Log in again.") from error


class TokenAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Lets `Authorize` in Swagger UI log in with e-mail and password."""

    target_class = TokenAuthentication
    name = "login"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "oauth2",
            "description": "Give your e-mail address as the user name.",
            "flows": {"password": {"tokenUrl": "/api/v1/login", "refreshUrl": "/api/v1/refresh", "scopes": {}}},
        }
