"""The site's budgets on the admin's first page: alerts, and the link to the page about them."""

from typing import Any

from django import template

from accounts.models import User
from blogs.models import BlogPost
from generation.budgets.usage import PERMISSION, next_post, standings_of_site
from generation.receivers import most_used_by
from generation.reporting.budgets import alerts

register = template.Library()


@register.inclusion_tag("generation/budgets.html", takes_context=True)
def budgets(context: dict[str, Any]) -> dict[str, Any]:
    """Show those who may see what everybody spends which budgets are nearly spent, or exhausted."""
    user = context["request"].user
    if not (isinstance(user, User) and user.has_perm(PERMISSION)):
        return {}
    return {"may_view": True, "alerts": alerts(standings_of_site(), next_post(most_used_by(BlogPost())))}
