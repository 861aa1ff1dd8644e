"""Accounts that wait for approval, on the admin's first page."""

from typing import Any

from django import template

from accounts.models import User

register = template.Library()


@register.inclusion_tag("accounts/approvals.html", takes_context=True)
def waiting_approvals(context: dict[str, Any]) -> dict[str, Any]:
    """Show those who may change users how many accounts wait."""
    user = context["request"].user
    may_change = isinstance(user, User) and user.has_perm("accounts.change_user")
    return {"waiting": User.objects.filter(is_approved=False, is_active=True).count() if may_change else 0}
