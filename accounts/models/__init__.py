"""Users, how they come in, and what is counted at the door."""

from accounts.models.invitation import Invitation
from accounts.models.login_session import LoginSession
from accounts.models.mailbox_field import MailboxField
from accounts.models.outgoing_mail import OutgoingMail
from accounts.models.password_attempts import PasswordAttempts
from accounts.models.request_count import RequestCount
from accounts.models.user import User, UserQuerySet

LowercaseEmailField = MailboxField  # its name in the first migration

__all__ = [
    "Invitation",
    "LoginSession",
    "MailboxField",
    "OutgoingMail",
    "PasswordAttempts",
    "RequestCount",
    "User",
    "UserQuerySet",
]
