"""Tokens of links in mail: signed when the mail is sent, checked when somebody follows the link."""

import re
from datetime import timedelta
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core import signing

from accounts.models import User
from accounts.models.invitation import VALID_FOR as INVITATION_VALID_FOR
from accounts.refusals import Refusal

VERIFICATION_VALID_FOR = timedelta(days=7)
NEW_ADDRESS_VALID_FOR = timedelta(hours=24)
NOT_VALID = "This link is not valid: it has expired, was used, or something has changed since. Ask for a new one."
TOKEN_MAX_LENGTH = 4096
USER_ID = re.compile(r"[0-9]{1,18}")


class LinkNotValid(Refusal):
    status = 400
    problem = "link-not-valid"
    detail = NOT_VALID


def invitation_token(invitation_id: int) -> str:
    return _signed("invitation", invitation_id)


def read_invitation_token(token: str) -> int:
    """Return the id of the invitation, which may have been used or withdrawn since.

    Raises:
        LinkNotValid: it is forged or has expired.
    """
    return int(_read("invitation", token, INVITATION_VALID_FOR))


def verification_token(user: User) -> str:
    return _signed("verification", [user.pk, user.email])


def read_verification_token(token: str) -> User:
    """Return the user whose present address the token was sent to; they may have verified it since.

    Raises:
        LinkNotValid: it is forged or has expired, or the address or the account is another now.
    """
    user_id, address = _read("verification", token, VERIFICATION_VALID_FOR)
    if user := User.objects.filter(pk=user_id, email=address, is_active=True).first():
        return user
    raise LinkNotValid


def new_address_token(user: User, address: str) -> str:
    return _signed("new_address", [user.pk, user.login_stamp(), user.email, address])


def read_new_address_token(token: str) -> tuple[User, str]:
    """Return a user and the address that they asked for.

    Raises:
        LinkNotValid: it is forged or has expired, or the password, the address or the account has changed since.
    """
    user_id, stamp, old, new = _read("new_address", token, NEW_ADDRESS_VALID_FOR)
    user = User.objects.filter(pk=user_id, email=old, is_active=True).first()
    if user and user.login_stamp() == stamp:
        return user, new
    raise LinkNotValid


def password_reset_token(user: User) -> str:
    """Return Django's token, with the user that it is for."""
    return f"{user.pk}-{default_token_generator.make_token(user)}"


def read_password_reset_token(token: str) -> User:
    """Return the user whose password may be set; a new password, address or login in the admin ends the token.

    Raises:
        LinkNotValid: it is forged, has expired or was used, or the account may not log in with a password.
    """
    user_id, _, rest = token.partition("-")
    user = User.objects.filter(pk=user_id, is_active=True).first() if USER_ID.fullmatch(user_id) else None
    if user and user.has_usable_password() and default_token_generator.check_token(user, rest):
        return user
    raise LinkNotValid


def _signer(purpose: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(sep=".", salt=f"accounts.links.{purpose}")


def _signed(purpose: str, value: Any) -> str:
    return _signer(purpose).sign_object(value)


def _read(purpose: str, token: str, valid_for: timedelta) -> Any:
    try:
        return _signer(purpose).unsign_object(token, max_age=valid_for)
    except signing.BadSignature as error:
        raise LinkNotValid from error
