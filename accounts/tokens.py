"""Access and refresh tokens: issued at login, rotated on refresh, revoked at logout."""

import re
from typing import Any

from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User

REFRESH_REFUSED = "This refresh token is not valid. Log in again."
ALREADY_REFRESHED = "This refresh token has already been used. Log in again."

TOKEN_ID = re.compile(r"[!-~]{1,255}")
USER_ID = re.compile(r"[0-9]{1,19}")
EXPIRES_MAX = 253_402_300_799  # the last second that a datetime can hold


class IssuedRefreshToken(RefreshToken):
    """A refresh token with the claims that we issue; a valid signature alone does not guarantee them."""

    def verify(self, *args: Any, **kwargs: Any) -> None:
        """Check the claims before they reach the database.

        Raises:
            TokenError: a claim is unexpected, or the token is of another type, expired or blacklisted.
        """
        if not has_expected_claims(self.payload):
            raise TokenError("Unexpected claims.")
        super().verify(*args, **kwargs)


def has_expected_claims(claims: dict[str, Any]) -> bool:
    """Return whether the claims have the types and sizes that we issue; others break the libraries or the database."""
    expires = claims.get("exp")
    return bool(  # PyJWT has checked that `jti` and `sub`, if present, are strings
        TOKEN_ID.fullmatch(claims.get("jti", ""))
        and USER_ID.fullmatch(claims.get("sub", ""))
        and isinstance(expires, int)
        and expires <= EXPIRES_MAX
        and "iss" not in claims
    )


def token_pair(user: User) -> dict[str, Any]:
    """Return the body of a login: a new access token, its lifetime `expires_in` in seconds, and a new refresh token."""
    refresh = RefreshToken.for_user(user)
    return {
        "access_token": str(refresh.access_token),
        "token_type": "bearer",
        "expires_in": int(api_settings.ACCESS_TOKEN_LIFETIME.total_seconds()),
        "refresh_token": str(refresh),
    }


def rotate(raw_token: str) -> dict[str, Any]:
    """Exchange a refresh token for a new pair of tokens.

    Raises:
        InvalidToken: it is forged, expired, of another type, or was used before.
        AuthenticationFailed: its user was deleted, is inactive, or has changed the password.
    """
    user: Any = JWTAuthentication().get_user(consume(raw_token))
    return token_pair(user)


def consume(raw_token: str) -> RefreshToken:
    """Revoke a refresh token and return it; of two concurrent requests with the same token only one succeeds.

    Raises:
        InvalidToken: it is forged, expired, of another type, or was used before.
    """
    try:
        token = IssuedRefreshToken(raw_token)  # type: ignore[arg-type]
    except TokenError as error:
        raise InvalidToken(REFRESH_REFUSED) from error
    entry: Any = token.blacklist()  # a pair, despite its annotation
    _, first_use = entry
    if not first_use:
        raise InvalidToken(ALREADY_REFRESHED)
    return token
