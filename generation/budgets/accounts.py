"""Accounts: who pays for a generation."""

from __future__ import annotations

from accounts.models import User

SITE = "site"
SELF_REGISTERED = "self-registered"  # all users together who registered without an invitation
SHARED = (SELF_REGISTERED, SITE)  # locked last and in this order, after those of users
_USER = "user:"


def account_of(user_id: int) -> str:
    return f"{_USER}{user_id}"


def user_of(account: str) -> int | None:
    """Return whose account it is; None for a shared one."""
    return int(account.removeprefix(_USER)) if account.startswith(_USER) else None


def payers(user: User | None) -> list[str]:
    """Return the accounts that a request is charged to: a user's own and the site's; the site's alone for commands."""
    if user is None:
        return [SITE]
    return [account_of(user.pk), *([SELF_REGISTERED] if user.is_self_registered else []), SITE]
