"""Mail that waits to be sent."""

import hashlib
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import OutgoingMail, RequestCount, User
from accounts.refusals import Refusal

MOST, WINDOW = 5, timedelta(hours=1)
TOO_MANY_MAILS = "This address has been sent too many mails of this kind. Try again in an hour."


class TooManyMails(Refusal):
    status = 429
    problem = "too-many-mails"
    detail = TOO_MANY_MAILS

    def __init__(self) -> None:
        super().__init__(wait=WINDOW.total_seconds())


def post_mail(kind: OutgoingMail.Kind, to: str, user: User | None = None, **data: Any) -> bool:
    """Have a mail sent by the worker, if the transaction that it is written in commits.

    Args:
        kind: which template.
        to: the address.
        user: the account that it is about, if there is one.
        data: what else the template needs, as JSON; no secret and no link, which are made when it is sent.

    Returns:
        False if nothing is sent, since the address has had as many mails of this kind as it gets in an hour.
    """
    address = OutgoingMail._meta.get_field("to").to_python(to)  # in one spelling, as it is counted
    with transaction.atomic():
        if may_post := _count(f"mail {kind} {address}"):
            OutgoingMail.objects.create(kind=kind, to=address, user=user, data=data)
    return may_post


def post_or_refuse(kind: OutgoingMail.Kind, to: str, user: User, **data: Any) -> None:
    """Post a mail that its asker must be able to rely on.

    Raises:
        TooManyMails: it would not be sent.
    """
    if not post_mail(kind, to, user, **data):
        raise TooManyMails


def _count(what: str) -> bool:
    """Count a mail, and return whether it is one of the first of its hour."""
    key, now = hashlib.sha256(what.encode()).hexdigest(), timezone.now()
    counts = RequestCount.objects.filter(key=key)
    counts.filter(ends_at__lte=now).delete()
    RequestCount.objects.bulk_create([RequestCount(key=key, count=0, ends_at=now + WINDOW)], ignore_conflicts=True)
    return bool(counts.filter(count__lt=MOST).update(count=F("count") + 1))
