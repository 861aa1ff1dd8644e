"""Sends the mail that waits, outside of every request.

A crash between sending a mail and deleting its row sends it again: twice at worst, never not at all.
"""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from accounts.mail.messages import Outdated, message_of
from accounts.models import OutgoingMail

logger = logging.getLogger(__name__)

CLAIMED_FOR = timedelta(minutes=5)  # far longer than a mail server takes; then another worker may send it
FIRST_DELAY, LONGEST_DELAY = 10, 3600  # seconds
MOST_ATTEMPTS = 32  # which take about a day


def send_due(most: int = 20) -> int:
    """Send mail that is due, until that is done, one fails, or `most` were looked at; return how many were sent.

    After a failure the others wait for the next call: most likely the mail server is away for all of them. Not so if it
    is the address that fails: anybody can register as many of those as hold up everybody's mail.
    """
    sent = 0
    for mail in _claims(most):
        try:
            message_of(mail).send()
            sent += 1
        except Outdated:
            pass
        except DatabaseError:
            raise
        except Exception as error:  # of any mail backend, or of one mail alone
            _postpone(mail, error)
            if _is_of_address(error):
                continue
            break
        OutgoingMail.objects.filter(pk=mail.pk).delete()
    return sent


def _is_of_address(error: Exception) -> bool:
    """Return whether a mail cannot be written to its address, or the mail server refuses that for good."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, ValueError)


def _claims(most: int) -> Iterator[OutgoingMail]:
    """Claim mails one after another, by a compare-and-set on `not_before`: only one worker has each."""
    now = timezone.now()
    due = OutgoingMail.objects.filter(not_before__lte=now, attempts__lt=MOST_ATTEMPTS)
    for mail in due.select_related("user").order_by("not_before", "id")[:most]:
        claimed = OutgoingMail.objects.filter(pk=mail.pk, not_before=mail.not_before)
        if claimed.update(not_before=timezone.now() + CLAIMED_FOR):
            yield mail


def _postpone(mail: OutgoingMail, error: Exception) -> None:
    """Keep what went wrong, and when to try again."""
    attempts, reason = mail.attempts + 1, _reason(error)
    delay = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    not_before = timezone.now() + timedelta(seconds=delay)
    OutgoingMail.objects.filter(pk=mail.pk).update(attempts=attempts, not_before=not_before, error=reason)
    again = f"retry_in={delay}" if attempts < MOST_ATTEMPTS else "given_up=yes"
    logger.warning("mail=%s kind=%s attempt=%s %s: %s", mail.pk, mail.kind, attempts, again, reason)


def _reason(error: Exception) -> str:
    """Return what the mail server said, without the password for it and without links that it may have quoted."""
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, SMTPResponseException) and isinstance(error.smtp_error, bytes):
        text = f"{error.smtp_code} {error.smtp_error.decode(errors='replace')}"
    if settings.EMAIL_HOST_PASSWORD:
        text = text.replace(settings.EMAIL_HOST_PASSWORD, "***")
    text = re.sub(r"/account/\S+", "/account/...", text)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:500]
