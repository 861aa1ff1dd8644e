"""What the doctor says about mail."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.mail.sender import MOST_ATTEMPTS
from accounts.models import OutgoingMail
from generation.doctor import mail
from generation.doctor.findings import Level

pytestmark = pytest.mark.django_db


def waiting(**fields: Any) -> None:
    OutgoingMail.objects.create(kind=OutgoingMail.Kind.PASSWORD_RESET, to="bob@example.com", **fields)


def test_mail_that_was_just_posted_is_fine() -> None:
    waiting()

    assert [(found.level, found.message) for found in mail.mail()] == [(Level.OK, "1 waiting.")]


def test_mail_that_waits_failed_or_was_given_up_is_counted_with_what_the_server_said() -> None:
    waiting(created_at=timezone.now() - timedelta(minutes=2))
    for attempts, error in ((1, "554 no"), (2, "421 busy"), (MOST_ATTEMPTS, "550 No such user")):
        waiting(attempts=attempts, error=error)

    found = list(mail.mail())

    assert {one.level for one in found} == {Level.WARNING}
    assert [one.message for one in found] == [
        mail.GIVEN_UP.format(number=1, error="550 No such user"),
        mail.FAILING.format(number=2, error="421 busy"),
        mail.UNSENT.format(number=1),
    ]
