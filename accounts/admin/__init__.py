"""Accounts in the admin."""

from accounts.admin import bulk_deletion, invitations, login, outgoing_mail, users  # noqa: F401 (they register with the site)
