"""Mail that waits to be sent."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.counts import key_of
from accounts.models import OutgoingMail, RequestCount, User
from accounts.refusals import Refusal

MOST, WINDOW = 5, timedelta(hours=1)
TOO_MANY_MAILS = "This address has been sent too many mails of this kind. Try again in an hour."
MOST_WAITING = 10_000  # of one kind, of those that strangers have posted: as many as go out in ten minutes
TOO_MANY_WAITING = "So many mails wait to be sent that no other one is taken. Try again in an hour."


class TooManyMails(Refusal):
    status = 429
    problem = "too-many-mails"
    detail = TOO_MANY_MAILS

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, wait=WINDOW.total_seconds())


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
        if may_post := _count(kind, address):
            OutgoingMail.objects.create(kind=kind, to=address, user=user, data=data)
    return may_post


def post_or_refuse(kind: OutgoingMail.Kind, to: str, user: User, **data: Any) -> None:
    """Post a mail that its asker must be able to rely on.

    Raises:
        TooManyMails: it would not be sent.
    """
    if not post_mail(kind, to, user, **data):
        raise TooManyMails


def refuse_if_many_wait(kind: OutgoingMail.Kind) -> None:
    """Keep strangers from filling the database, whose mails are for addresses that may be nobody's.

    Raises:
        TooManyMails: there are MOST_WAITING.
    """
    if OutgoingMail.objects.filter(kind=kind).order_by()[MOST_WAITING - 1 : MOST_WAITING].exists():
        raise TooManyMails(TOO_MANY_WAITING)


def _count(kind: OutgoingMail.Kind, address: str) -> bool:
    """Count a mail to an address in its canonical form; return whether it is one of the first of its hour."""
    key, now = key_of("mail", kind, address), timezone.now()
    counts = RequestCount.objects.filter(key=key)
    counts.filter(ends_at__lte=now).delete()
    RequestCount.objects.bulk_create([RequestCount(key=key, count=0, ends_at=now + WINDOW)], ignore_conflicts=True)
    return bool(counts.filter(count__lt=MOST).update(count=F("count") + 1))
