"""Tokens: a pair at login, a new pair for a refresh token (once), none after logout."""

import re
from typing import Any

from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User

TOKEN_ID = re.compile(r"[!-~]{1,255}")
USER_ID = re.compile(r"[0-9]{1,19}")
END_MAX = 253_402_300_799  # the last second that a datetime knows


class GivenRefreshToken(RefreshToken):
    """A refresh token such as we give out: a good signature does not say that the claims are."""

    def verify(self, *args: Any, **kwargs: Any) -> None:
        """Check the claims before they reach the database.

        Raises:
            TokenError: they are odd, or the token is of another type, or has ended.
        """
        if not are_usual(self.payload):
            raise TokenError("The token's claims are none of ours.")
        super().verify(*args, **kwargs)


def are_usual(claims: dict[str, Any]) -> bool:
    """Whether the claims are of the kinds that we give out; others break the libraries or the database."""
    end = claims.get("exp")
    return bool(  # PyJWT has seen that `jti` and `sub`, if any, are text
        TOKEN_ID.fullmatch(claims.get("jti", ""))
        and USER_ID.fullmatch(claims.get("sub", ""))
        and isinstance(end, int)
        and end <= END_MAX
        and "iss" not in claims
    )


def token_pair(user: User) -> dict[str, Any]:
    """Return what a client keeps after it logged in; `expires_in` in seconds, of the access token."""
    refresh = RefreshToken.for_user(user)
    return {
        "access_token": str(refresh.access_token),
        "token_type": "bearer",
        "expires_in": int(api_settings.ACCESS_TOKEN_LIFETIME.total_seconds()),
        "refresh_token": str(refresh),
    }


def rotate(raw_token: str) -> dict[str, Any]:
    """Return a new pair for a refresh token and end that token.

    Raises:
        InvalidToken: it is forged, expired, of another type, or was used before.
        AuthenticationFailed: its user is gone, inactive, or has a new password.
    """
    user: Any = JWTAuthentication().get_user(spend(raw_token))
    return token_pair(user)


def spend(raw_token: str) -> RefreshToken:
    """End a refresh token and return it; of two equal requests at once only one gets through.

    Raises:
        InvalidToken: it is forged, expired, of another type, or was used before.
    """
    try:
        token = GivenRefreshToken(raw_token)  # type: ignore[arg-type]
    except TokenError as error:
        raise InvalidToken("This refresh token is not valid. Log in again.") from error
    entry: Any = token.blacklist()  # a pair, whatever its annotation says
    _, first_use = entry
    if not first_use:
        raise InvalidToken("This refresh token was used before. Log in again.")
    return token
