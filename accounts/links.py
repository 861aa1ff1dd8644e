"""Links in mail and on pages: each carries a signed token, and nothing that is secret is stored."""

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing

from accounts.models import User
from accounts.refusals import Refusal

# Salts, so that no token serves as another.
INVITATION, VERIFICATION, NEW_ADDRESS = "accounts.invitation", "accounts.verification", "accounts.new_address"
VERIFICATION_AGE = timedelta(days=7)
NEW_ADDRESS_AGE = timedelta(hours=24)
NOT_VALID = "This link is not valid: it has expired, was used, or something has changed since. Ask for a new one."
TOKEN_MAX_LENGTH = 4096
USER_ID = re.compile(r"[0-9]{1,18}")


class LinkNotValid(Refusal):
    status = 400
    problem = "link-not-valid"
    detail = NOT_VALID


def invitation_link(invitation_id: int, *, by_mail: bool = False) -> str:
    """Return the link of an invitation.

    Args:
        by_mail: it is only for a mail to the invited address, so that whoever has it reads that mailbox.
    """
    return link("invitation", signing.dumps([invitation_id, by_mail], salt=INVITATION))


def invitation_in(token: str) -> tuple[int, bool] | None:
    """Return the invitation's id in a token, or in the link that ends with it, and whether that came by mail."""
    found = loads(token, INVITATION)
    return tuple(found) if found else None


def verification_link(user_id: int, email: str) -> str:
    """Return the link that shows whoever follows it, and knows the account's password, to be the mailbox's owner."""
    return link("verify", signing.dumps([user_id, email], salt=VERIFICATION))


def verification_in(token: str) -> tuple[int, str] | None:
    """Return the user's id and address in a token, or in the link that ends with it, while it is valid."""
    found = loads(token, VERIFICATION, VERIFICATION_AGE)
    return tuple(found) if found else None


def new_address_token(user: User, address: str) -> str:
    return signing.dumps([user.pk, user.login_stamp(), user.email, address], salt=NEW_ADDRESS)


def read_new_address_token(token: str) -> tuple[User, str]:
    """Return a user and the address that they asked for.

    Raises:
        LinkNotValid: it is forged or has expired, or the password, the address or the account has changed since.
    """
    user_id, stamp, old, new = loads(token, NEW_ADDRESS, NEW_ADDRESS_AGE) or (0, "", "", "")
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
    user_id, _, rest = token.rpartition("/")[2].partition("-")
    user = User.objects.filter(pk=user_id, is_active=True).first() if USER_ID.fullmatch(user_id) else None
    if user and user.has_usable_password() and default_token_generator.check_token(user, rest):
        return user
    raise LinkNotValid


def link(page: str, token: str) -> str:
    return f"{settings.PUBLIC_URL}/account/{page}/{token}"


def loads(token: str, salt: str, age: timedelta | None = None) -> Any:
    """Return what a token holds, which may be the end of a link; None if it is forged or older than `age`."""
    try:
        return signing.loads(token.strip().rpartition("/")[2], salt=salt, max_age=age)
    except signing.BadSignature:
        return None
