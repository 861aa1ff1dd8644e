"""New passwords: changed by those who know the old one, reset by those who read the account's mail."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.attempts import NOT_YOURS, WrongPassword
from accounts.links import LinkNotValid
from accounts.mail.outbox import post_mail, refuse_if_many_wait
from accounts.models import OutgoingMail, User

MAIL_SENT = "If this address has an account, a mail with a link is on its way to it."


def change_password(user: User, password: str) -> None:
    """Set a password that was validated, and end all tokens and sessions.

    Raises:
        WrongPassword: another request has changed it since the present one was confirmed.
    """
    if not _set_password(user, password):
        raise WrongPassword(NOT_YOURS)


def reset_password(user: User, password: str) -> None:
    """Set a password that was validated for the user of a link; the mailbox is proven, and the link is used up.

    Raises:
        LinkNotValid: it was used, or something else has changed, since it was read.
    """
    if not _set_password(user, password, verified_at=timezone.now()):
        raise LinkNotValid


def ask_for_reset(address: str) -> None:
    """Post a mail for an address that may be nobody's: only the worker looks, so that no answer can depend on it.

    Raises:
        TooManyMails: too many wait, whoever they are for.
    """
    refuse_if_many_wait(OutgoingMail.Kind.PASSWORD_RESET)
    post_mail(OutgoingMail.Kind.PASSWORD_RESET, address)


def _set_password(user: User, password: str, **changes: Any) -> bool:
    """Set a password, if the account is still as `user` says; of two requests one does."""
    same = User.objects.filter(pk=user.pk, password=user.password, email=user.email, is_active=True)
    user.set_password(password)  # hashes before any lock is taken
    with transaction.atomic():
        if not same.update(password=user.password, **changes):
            return False
        user.log_out_everywhere()
        post_mail(OutgoingMail.Kind.PASSWORD_CHANGED, user.email, user)
    return True
