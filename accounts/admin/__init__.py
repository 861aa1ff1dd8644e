"""Accounts in the admin."""

from accounts.admin import invitations, users  # noqa: F401 (registers their pages)
