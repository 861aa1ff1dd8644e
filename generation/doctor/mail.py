"""Mail: does it leave, and if not, what does the mail server say?"""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from accounts.mail.sender import MOST_ATTEMPTS
from accounts.models import OutgoingMail
from generation.doctor.findings import Finding, ok, warning

LONG = timedelta(minutes=1)  # the worker sends about once a second
GIVEN_UP = "{number} given up after about a day; the last error: {error}"
FAILING = "{number} waiting; the last error: {error}"
UNSENT = "{number} waiting for more than a minute, and nobody has tried to send it."
FIX_SERVER = "Correct EMAIL_URL or EMAIL_FROM, or see why the mail server refuses it; it is tried again within an hour."
FIX_GIVEN_UP = "Once the cause is fixed, send or delete it under Outgoing mail in the admin."
FIX_WORKER = "Run `manage.py worker`, or `manage.py up` for everything: the worker sends mail."


def mail() -> Iterator[Finding]:
    found = OutgoingMail.objects.order_by("-id")
    given_up, waiting = found.filter(attempts__gte=MOST_ATTEMPTS), found.filter(attempts__lt=MOST_ATTEMPTS)
    failing = waiting.filter(attempts__gt=0)
    unsent = waiting.filter(attempts=0, created_at__lt=timezone.now() - LONG)
    problems = [
        warning("mail", text.format(number=mails.count(), error=last.error), fix)
        for mails, text, fix in (
            (given_up, GIVEN_UP, FIX_GIVEN_UP),
            (failing, FAILING, FIX_SERVER),
            (unsent, UNSENT, FIX_WORKER),
        )
        if (last := mails.first())
    ]
    yield from problems or [ok("mail", f"{waiting.count()} waiting.")]
