"""How accounts end: what they own is disposed of in pieces, and somebody remains who may do everything."""

import math
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from accounts.refusals import Refusal
from accounts.signals import Belongings, users_leaving

PIECE = 100  # users in one transaction


class LastSuperuser(Refusal):
    status = 409
    problem = "last-superuser"
    detail = "This would leave no superuser who can log in. Make another user a superuser first."


def delete_users(keys: Sequence[int], belongings: Belongings, ends_at: float = math.inf) -> bool:
    """Delete users, in pieces, so that it neither grows slow nor keeps others waiting; it may be repeated.

    Return whether all are deleted.

    Args:
        keys: of the users.
        belongings: what becomes of what they own.
        ends_at: when to stop, by the monotonic clock in seconds; something is done before.

    Raises:
        LastSuperuser: nothing is changed, unless others were deleted at the same time.
    """
    with transaction.atomic():
        check_superusers(keys)
    for start in range(0, len(keys), PIECE):
        piece = keys[start : start + PIECE]
        users = User.objects.filter(pk__in=piece)
        answers = users_leaving.send(sender=User, users=users, belongings=belongings, ends_at=ends_at)
        if not all(is_done for _, is_done in answers):
            return False
        with transaction.atomic():
            check_superusers(piece)
            User.objects.get_queryset().filter(pk__in=piece).delete(belongings)
    return True


def check_superusers(leaving: Sequence[int]) -> None:
    """Make sure that an active superuser remains until the transaction ends, if one leaves.

    Raises:
        LastSuperuser.
    """
    superusers = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    # Not the keys: who adds a row that refers to these users need not wait.
    found = set(superusers.select_for_update(no_key=True).values_list("pk", flat=True))
    if found and found <= set(leaving):
        raise LastSuperuser
