"""Row locks held until the transaction ends: a post's first, then its generations, so that no two deadlock."""

from collections.abc import Sequence

from django.db.models import QuerySet

from blogs.models import BlogPost
from generation.models import Generation, State
from generation.queue.billing import Total
from generation.queue.claim import Claim

HELD = ("post_id", "token", "base_revision", "attempts", "content", "created_at", *Total._fields)


def locked(claims: Sequence[Claim]) -> list[Generation | None]:
    """Lock each claim's row, after its post's row, and return it; None for a claim that no longer holds.

    This is the comparison of a compare-and-set; the set is what is written into a row that it returned.
    """
    posts = BlogPost.objects.filter(pk__in=[claim.post_id for claim in claims]).order_by("pk").select_for_update()
    held = {post.pk: post for post in posts.only("status", "revision", "version")}
    rows = Generation.objects.filter(pk__in=[claim.id for claim in claims], status=State.IN_PROGRESS)
    found = {(row.pk, row.token): row for row in rows.select_for_update().only(*HELD) if row.post_id in held}
    for row in found.values():
        row.post = held[row.post_id]
    return [found.get((claim.id, claim.token)) for claim in claims]


def row_of(generation: Generation) -> QuerySet[Generation]:
    return Generation.objects.filter(pk=generation.pk)


def unfinished(post: BlogPost) -> Generation | None:
    """Return the unfinished generation of a post, with its row held; None if there is none."""
    generation = post.generations.newest_first().select_for_update().first()
    return None if generation is None or generation.finished_at else generation
