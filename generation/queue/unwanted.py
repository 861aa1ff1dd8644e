"""What nobody wants any more is not written: what deactivated users own or have requested, and what owners left behind.

It is cancelled at once; what a deactivated user still has in the queue, when it would be fetched.
"""

from collections.abc import Iterable, Sequence
from functools import partial

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from blogs.models import BlogPost, Status
from generation.budgets.settlement import Ending, settle_all
from generation.failures import FailureCode
from generation.models import Generation, State
from generation.queue.billing import ending_of, settled
from generation.queue.failed_attempts import failure_of
from generation.queue.log import log_step
from generation.queue.transitions import cancel_unfinished

DEACTIVATED = "The account was deactivated."
PIECE = 100  # posts in one transaction


def cancel_all_of(user: User) -> None:
    """Cancel what is unfinished of a user's posts and requests, in pieces."""
    theirs = Generation.objects.unfinished().filter(Q(post__owner=user) | Q(requested_by=user))
    keys = list(theirs.order_by("post_id").values_list("post_id", flat=True))
    for start in range(0, len(keys), PIECE):
        with transaction.atomic():
            posts = BlogPost.objects.filter(pk__in=keys[start : start + PIECE]).order_by("pk")
            locked = {post.pk: post for post in posts.select_for_update().defer("content", "brief")}
            rows = list(theirs.filter(post__in=locked).order_by("post_id").select_for_update(of=("self",)))
            for generation in rows:
                generation.post = locked[generation.post_id]
            settle_all(cancel(rows, DEACTIVATED))


def cancel_all_on(posts: QuerySet[BlogPost]) -> None:
    """Cancel what is unfinished of posts, in a transaction that holds their rows."""
    rows = Generation.objects.unfinished().filter(post__in=posts).select_related("post").order_by("post_id")
    settle_all(cancel(rows.defer("post__content", "post__brief").select_for_update(of=("self",))))


def wanted(generations: list[Generation], endings: list[Ending]) -> list[Generation]:
    """Return those that may be written, and cancel those of deactivated users.

    A request may commit after its user was deactivated, and an update of many users tells nobody.

    Args:
        generations: with their posts; the rows of both must be locked.
        endings: takes those of the cancelled ones, to be settled.
    """
    users = {user for generation in generations for user in users_of(generation)}
    gone = set(User.objects.filter(pk__in=users, is_active=False).values_list("pk", flat=True))
    unwanted = [generation for generation in generations if gone & users_of(generation)] if gone else []
    endings += cancel(unwanted, DEACTIVATED)
    return [generation for generation in generations if generation not in unwanted]


def users_of(generation: Generation) -> set[int]:
    return {key for key in (generation.post.owner_id, generation.requested_by_id) if key is not None}


def cancel(generations: Iterable[Generation], why: str = FailureCode.CANCELLED.summary) -> list[Ending]:
    """Cancel unfinished generations; return their endings, to be settled. Rows and posts must be locked.

    Args:
        why: a sentence for the posts' owners.
    """
    generations = list(generations)
    untouched = [row for row in generations if row.status == State.PENDING and not (row.attempts or row.steps)]
    touched = [generation for generation in generations if generation not in untouched]
    endings = [cancel_unfinished(generation.post, generation, why) for generation in touched]
    if untouched:
        cancel_untouched(untouched, why)
    return endings + [ending_of(generation, settled(generation)) for generation in untouched]


def cancel_untouched(generations: Sequence[Generation], why: str) -> None:
    """Cancel generations on which nothing was spent, in statements that do not grow in number with them."""
    code = FailureCode.CANCELLED
    Generation.objects.filter(pk__in=[generation.pk for generation in generations]).update(
        status=State.CANCELLED, not_before=None, finished_at=Now(), reserved=0, failure_code=code, failure_message=why
    )
    posts = BlogPost.objects.filter(pk__in=[generation.post_id for generation in generations])
    change = {"progress": None, "updated_at": timezone.now(), "version": F("version") + 1}
    posts.filter(revision=0).update(status=Status.FAILED, failure=failure_of(code, attempts=0), **change)
    posts.filter(revision__gt=0).update(status=Status.COMPLETED, failure=None, **change)
    for generation in generations:
        transaction.on_commit(partial(log_step, State.CANCELLED, generation))
