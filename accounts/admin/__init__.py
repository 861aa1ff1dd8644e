"""Accounts in the admin."""

from accounts.admin import users  # noqa: F401 (registers its pages)
