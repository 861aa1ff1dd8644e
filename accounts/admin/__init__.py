"""Accounts in the admin."""

from accounts.admin import outgoing_mail, users  # noqa: F401 (they register their pages)
