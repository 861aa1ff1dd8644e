"""The pause of all writing: an operator has no worker on any host fetch anything, until somebody resumes."""

from django.db import IntegrityError, transaction

from accounts.models import User
from generation.models import SitePause
from generation.queue.log import logger
from generation.queue.wakeups import wake_a_worker

PERMISSION = "generation.pause_site"


def pause(by: User | None = None, reason: str = "") -> bool:
    """Pause, and return whether it was not paused already: then the first one's name and reason stay.

    Args:
        by: who pauses in the admin; None for the command.
        reason: for people; characters that cannot be printed become spaces.

    Raises:
        ValidationError: the reason is too long; nothing is changed.
    """
    new = SitePause(by=by, reason=" ".join("".join(c if c.isprintable() else " " for c in reason).split()))
    new.clean_fields(exclude={"by"})
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        return False
    transaction.on_commit(lambda: logger.warning("step=paused by=%s reason=%r", named(by), new.reason))
    return True


def resume(by: User | None = None) -> bool:
    """Resume, wake a worker, and return whether it was paused.

    Args:
        by: who resumes in the admin; None for the command.
    """
    with transaction.atomic():
        deleted, _ = SitePause.objects.all().delete()
    if not deleted:
        return False
    # After the commit: a worker that was woken before it would find everything paused.
    transaction.on_commit(wake_a_worker)
    transaction.on_commit(lambda: logger.info("step=resumed by=%s", named(by)))
    return True


def named(user: User | None) -> str:
    return f"user:{user.pk}" if user else "command"
