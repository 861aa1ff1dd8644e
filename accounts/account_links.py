"""Tokens of links that change an account: signed when the mail is sent, checked when somebody follows the link."""

import re
from datetime import timedelta

from django.contrib.auth.tokens import default_token_generator
from django.core import signing

from accounts.models import User
from accounts.refusals import Refusal

NEW_ADDRESS_VALID_FOR = timedelta(hours=24)
NOT_VALID = "This link is not valid: it has expired, was used, or something has changed since. Ask for a new one."
TOKEN_MAX_LENGTH = 4096
SIGNER = signing.TimestampSigner(sep=".", salt="accounts.new_address")
USER_ID = re.compile(r"[0-9]{1,18}")


class LinkNotValid(Refusal):
    status = 400
    problem = "link-not-valid"
    detail = NOT_VALID


def new_address_token(user: User, address: str) -> str:
    return SIGNER.sign_object([user.pk, user.login_stamp(), user.email, address])


def read_new_address_token(token: str) -> tuple[User, str]:
    """Return a user and the address that they asked for.

    Raises:
        LinkNotValid: it is forged or has expired, or the password, the address or the account has changed since.
    """
    try:
        user_id, stamp, old, new = SIGNER.unsign_object(token, max_age=NEW_ADDRESS_VALID_FOR)
    except signing.BadSignature as error:
        raise LinkNotValid from error
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
