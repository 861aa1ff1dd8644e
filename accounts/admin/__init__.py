"""Accounts in the admin."""

from accounts.admin import invitations, outgoing_mail, users  # noqa: F401 (they register their pages)
