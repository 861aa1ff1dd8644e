"""Accounts in the admin."""

from accounts.admin import login, users  # noqa: F401 (both register with the site)
