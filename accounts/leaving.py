"""How accounts end: what they own is disposed of in pieces, and somebody remains who may do everything."""

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


def delete_users(keys: Sequence[int], belongings: Belongings) -> None:
    """Delete users, in pieces, so that it neither grows slow nor keeps others waiting; it may be repeated.

    Args:
        keys: of the users.
        belongings: what becomes of what they own.

    Raises:
        LastSuperuser: nothing is changed, unless others were deleted at the same time.
    """
    with transaction.atomic():
        check_superusers(keys)
    users_leaving.send(sender=User, users=User.objects.filter(pk__in=keys), belongings=belongings)
    for start in range(0, len(keys), PIECE):
        piece = keys[start : start + PIECE]
        with transaction.atomic():
            check_superusers(piece)
            User.objects.get_queryset().filter(pk__in=piece).delete(belongings)


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
