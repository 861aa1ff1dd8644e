"""Which posts staff may edit: members of `Writers` their own, all others every post.

A migration creates both groups with their permissions in the admin.
"""

from accounts.models import User

WRITERS, EDITORS = "Writers", "Editors"


def edits_every_post(user: User) -> bool:
    if not user.is_staff or user.is_superuser:
        return user.is_staff
    groups = set(user.groups.filter(name__in=(WRITERS, EDITORS)).values_list("name", flat=True))
    return groups != {WRITERS}
