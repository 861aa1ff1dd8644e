"""Links in mail and on pages that carry a signed token; nothing that is secret is stored."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing

INVITATION, VERIFICATION = "accounts.invitation", "accounts.verification"  # salts, so that no token serves as another
VERIFICATION_AGE = timedelta(days=7)


def invitation_link(invitation_id: int, *, by_mail: bool = False) -> str:
    """Return the link of an invitation.

    Args:
        by_mail: it is only for a mail to the invited address, so that whoever has it reads that mailbox.
    """
    token = signing.dumps([invitation_id, by_mail], salt=INVITATION)
    return f"{settings.PUBLIC_URL}/account/invitation/{token}"


def invitation_in(token: str) -> tuple[int, bool] | None:
    """Return the invitation's id in a token, or in the link that ends with it, and whether that came by mail."""
    found = loads(token.strip().rpartition("/")[2], INVITATION)
    return tuple(found) if found else None


def verification_link(user_id: int, email: str) -> str:
    """Return the link that shows whoever follows it, and knows the account's password, to be the mailbox's owner."""
    return f"{settings.PUBLIC_URL}/account/verify/{signing.dumps([user_id, email], salt=VERIFICATION)}"


def verification_in(token: str) -> tuple[int, str] | None:
    """Return the user's id and address in a token, or in the link that ends with it, while it is valid."""
    found = loads(token.strip().rpartition("/")[2], VERIFICATION, VERIFICATION_AGE)
    return tuple(found) if found else None


def loads(token: str, salt: str, age: timedelta | None = None) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=age)
    except signing.BadSignature:
        return None
