"""Which of the staff edit what: members of `Writers` their own posts, all others every post.

A migration makes both groups with their rights in the admin.
"""

from accounts.models import User

WRITERS, EDITORS = "Writers", "Editors"


def edits_every_post(user: User) -> bool:
    if not user.is_staff or user.is_superuser:
        return user.is_staff
    groups = set(user.groups.filter(name__in=(WRITERS, EDITORS)).values_list("name", flat=True))
    return groups != {WRITERS}
