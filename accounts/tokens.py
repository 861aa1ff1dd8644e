"""Access and refresh tokens: issued at login, rotated on refresh, ended at logout."""

import logging
import re
from datetime import timedelta
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts.models import LoginSession, User

logger = logging.getLogger(__name__)

REFRESH_REFUSED = "This refresh token is not valid. Log in again."
ALREADY_REFRESHED = "This refresh token has already been used, which ended its login. Log in again."
FAMILY_ENDED = "a spent refresh token was used again: a login of user %s is ended"

SESSION_LIFETIME = timedelta(days=30)  # after a login, however often it is refreshed
ID = re.compile(r"[0-9a-f]{32}")
USER_ID = re.compile(r"[0-9]{1,18}")
EXPIRES_MAX = 253_402_300_799  # the last second that a datetime can hold

AnyToken = TypeVar("AnyToken", bound=Token)


class WithOurClaims(Token):
    """A token with the claims that we issue; a valid signature alone does not guarantee them."""

    def verify(self) -> None:
        """Check the claims before they reach the database.

        Raises:
            TokenError: a claim is unexpected, or the token is of another type or expired.
        """
        if not has_expected_claims(self.payload):
            raise TokenError("Unexpected claims.")
        super().verify()


class IssuedAccessToken(WithOurClaims, AccessToken):
    """What SIMPLE_JWT's AUTH_TOKEN_CLASSES names."""


class IssuedRefreshToken(WithOurClaims, RefreshToken):  # type: ignore[misc]  # Simple JWT's own bases disagree
    access_token_class = IssuedAccessToken


class RefreshTokenOfAnyAge(IssuedRefreshToken):
    """One that may have expired, which is good enough to log out."""

    _token_backend = TokenBackend(
        api_settings.ALGORITHM, api_settings.SIGNING_KEY, leeway=timedelta(days=36_500), json_encoder=None
    )


def has_expected_claims(claims: dict[str, Any]) -> bool:
    """Return whether the claims have the types and sizes that we issue; others break the libraries or the database."""
    expires = claims.get("exp")
    return bool(
        all(is_text(claims.get(name), ID) for name in ("jti", "sid", "stamp"))
        and is_text(claims.get("sub"), USER_ID)
        and isinstance(expires, int)
        and 0 < expires <= EXPIRES_MAX
        and "iss" not in claims
    )


def is_text(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def is_current(token: Token, user: User) -> bool:
    """Return whether its user is active, and has neither changed the password nor logged out everywhere since."""
    return user.is_active and constant_time_compare(token["stamp"], user.login_stamp())


def token_pair(user: User) -> dict[str, Any]:
    """Log a user in.

    Returns:
        The body of the answer: a new access token, its lifetime `expires_in` in seconds, and a new refresh token.
    """
    session = LoginSession(user=user, expires_at=timezone.now() + SESSION_LIFETIME)
    token = refresh_token(session)
    session.token_id = token["jti"]
    session.save()
    return answer(token)


def refresh_token(session: LoginSession) -> IssuedRefreshToken:
    """Return a new refresh token, which is valid as soon as its id is stored in the session."""
    token = IssuedRefreshToken()
    token["sub"], token["sid"] = str(session.user_id), session.pk.hex
    token["stamp"] = session.user.login_stamp()
    token["exp"] = min(token["exp"], int(session.expires_at.timestamp()))
    return token


def answer(token: IssuedRefreshToken) -> dict[str, Any]:
    return {
        "access_token": str(token.access_token),
        "token_type": "bearer",
        "expires_in": int(api_settings.ACCESS_TOKEN_LIFETIME.total_seconds()),
        "refresh_token": str(token),
    }


def rotate(raw_token: str) -> dict[str, Any]:
    """Exchange a refresh token for a new pair of tokens; the second use of a token ends the login that it came from.

    Of two concurrent requests with the same token one succeeds. What it gets ends with the other's: nobody can say
    which of the two was the thief.

    Raises:
        InvalidToken: it is forged, expired, of another type, or was used before; its login has ended; or its user was
            deleted, is inactive, has changed the password or logged out everywhere.
    """
    token = decoded(IssuedRefreshToken, raw_token)
    session = LoginSession.objects.of(token["sid"], token["sub"]).live().select_related("user").first()
    if session is None or not is_current(token, session.user):
        raise InvalidToken(REFRESH_REFUSED)
    successor = refresh_token(session)
    if not session.replace_token(token["jti"], successor["jti"]):
        session.delete()
        logger.warning(FAMILY_ENDED, session.user_id)
        raise InvalidToken(ALREADY_REFRESHED)
    return answer(successor)


def log_out(raw_token: str) -> None:
    """End the login that a refresh token came from, if it has not ended yet.

    Raises:
        InvalidToken: it is forged or of another type.
    """
    token = decoded(RefreshTokenOfAnyAge, raw_token)
    LoginSession.objects.of(token["sid"], token["sub"]).delete()


def decoded(kind: type[AnyToken], raw_token: str) -> AnyToken:
    """Return a token whose signature and claims are good.

    Raises:
        InvalidToken: they are not.
    """
    try:
        return kind(raw_token)  # type: ignore[arg-type]
    except (TokenError, ValueError, OverflowError) as error:  # the last two: times that are no finite numbers
        raise InvalidToken(REFRESH_REFUSED) from error
