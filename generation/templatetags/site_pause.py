"""The pause of all writing on the admin's first page."""

from typing import Any

from django import template

from accounts.models import User
from generation.models import SitePause
from generation.models.site_pause import REASON_MAX_LENGTH
from generation.queue.site_pause import PERMISSION

register = template.Library()


@register.inclusion_tag("generation/site_pause.html", takes_context=True)
def site_pause(context: dict[str, Any]) -> dict[str, Any]:
    """Show the pause to all who may view posts, and its button to those who may press it."""
    user = context["request"].user
    if not isinstance(user, User):
        return {}
    may_pause = user.has_perm(PERMISSION)
    if not (may_pause or user.has_perm("blogs.view_blogpost")):
        return {}
    pause = SitePause.current()
    may_know_who = may_pause or user.has_perm("accounts.view_user")
    sentence = pause.sentence(names=may_know_who) if pause else ""
    return {"may_pause": may_pause, "pause": sentence, "longest": REASON_MAX_LENGTH}
