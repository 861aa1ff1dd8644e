"""What a mail says: its template and its link, or that there is no reason left to send it."""

from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import links
from accounts.models import Invitation, OutgoingMail, User

Kind = OutgoingMail.Kind


class Outdated(Exception):
    """There is no reason left to send a mail: what it is about was done, withdrawn or never existed."""


def message_of(mail: OutgoingMail) -> EmailMessage:
    """Return the mail with its link, which is signed now.

    Raises:
        Outdated: it must not be sent.
    """
    context = {"to": mail.to, "user": mail.user, "data": mail.data, "site": settings.PUBLIC_URL}
    if link := LINKS.get(mail.kind):
        context["link"] = link(mail)
    text = render_to_string(f"accounts/mail/{mail.kind}.txt", context)
    subject, _, body = text.strip().partition("\n")
    # RFC 3834: nobody's absence is answered to us.
    return EmailMessage(subject, f"{body.strip()}\n", to=[mail.to], headers={"Auto-Submitted": "auto-generated"})


def _invitation(mail: OutgoingMail) -> str:
    invitation_id = mail.data["invitation"]
    unused = Invitation.objects.filter(pk=invitation_id, used_at=None, expires_at__gt=timezone.now())
    if not unused.exists():
        raise Outdated
    return links.invitation_link(invitation_id, by_mail=True)


def _verification(mail: OutgoingMail) -> str:
    user = _user(mail)
    if user.verified_at or user.email != mail.to:
        raise Outdated
    return links.verification_link(user.pk, user.email)


def _password_reset(mail: OutgoingMail) -> str:
    """Look for the user only now, so that the request takes as long for an address that nobody has."""
    user = User.objects.filter(email=mail.to, is_active=True).first()
    if not (user and user.has_usable_password()):
        raise Outdated
    return links.link("password/reset", links.password_reset_token(user))


def _new_address(mail: OutgoingMail) -> str:
    user = _user(mail)
    if user.login_stamp() != mail.data["stamp"] or user.email != mail.data["old"]:
        raise Outdated  # signed now, the link would survive the change that was to stop it
    return links.link("address", links.new_address_token(user, mail.to))


def _user(mail: OutgoingMail) -> User:
    if not (mail.user and mail.user.is_active):
        raise Outdated
    return mail.user


LINKS: dict[str, Callable[[OutgoingMail], str]] = {
    Kind.INVITATION: _invitation,
    Kind.VERIFICATION: _verification,
    Kind.PASSWORD_RESET: _password_reset,
    Kind.ADDRESS_CONFIRMATION: _new_address,
}
