"""Indexes of posts: the first page of a list, and a count of what waits, never read the whole table."""

from django.db.models import Index, Q

from blogs.models.post_queryset import waits_for_review

INDEXES = (
    Index(fields=["owner", "-id"], name="post_owner_newest"),
    Index(fields=["status", "-id"], name="post_status_newest"),
    Index(fields=["owner", "status", "-id"], name="post_owner_status_newest"),
    # Also of what readers do not see: those have no moment, and are in the order of their ids.
    Index(fields=["-released_at", "-id"], name="post_released_newest"),
    # Posts that have just been requested are in neither of these, and cost nothing.
    Index(fields=["id"], condition=Q(released_at__isnull=False), name="post_public"),
    Index(fields=["id"], condition=waits_for_review(), name="post_waits"),
    # On SQLite alone: a search for a title would go through all texts, which are in the same rows.
    Index(fields=["id", "released_at", "folded_title"], name="post_titles"),
)
