"""Verification of addresses over HTTP."""

from contextlib import ExitStack

import pytest
from django.db import transaction
from django.utils import timezone

from accounts import verification
from accounts.api.registration import REGISTERED, VERIFY_NEXT
from accounts.api.verification import NOT_NEEDED
from accounts.counts import key_of
from accounts.links import VERIFICATION_AGE, invitation_link, verification_link
from accounts.models import OutgoingMail, RequestCount, User
from accounts.tests.doors import (
    ADDRESS,
    at_once,
    later,
    mails,
    problem,
    register,
    the_user,
    token_in,
    token_of,
    verify,
    with_login,
)
from accounts.verification import RESEND_AFTER, AddressNotVerified, AlreadySent, VerificationNotValid
from blogsite.testing.connections import another_connection, by_rows, is_waited_for, own_pid
from blogsite.testing.workers import TIMEOUT, eventually

pytestmark = pytest.mark.django_db
NOT_VALID = (403, f"/problems/{VerificationNotValid.problem}")
NOT_VERIFIED = (403, f"/problems/{AddressNotVerified.problem}")
VERIFICATION = OutgoingMail.Kind.VERIFICATION


@pytest.fixture(autouse=True)
def verify_email(settings):
    settings.VERIFY_EMAIL = True


def test_who_registers_gets_a_mail_and_requests_nothing_until_the_address_is_verified(api):
    assert register(api).json()["message"] == REGISTERED + VERIFY_NEXT
    client, user = with_login(), the_user()
    assert [(mail.to, mail.user) for mail in mails(VERIFICATION)] == [(ADDRESS, user)]
    assert problem(client.post("/api/v1/blogs", {"title": "Bread"})) == NOT_VERIFIED

    assert verify(client, token_of(user)).status_code == 200

    assert client.post("/api/v1/blogs", {"title": "Bread"}).status_code == 201
    assert verify(client, token_of(user)).status_code == 200


@pytest.mark.parametrize("case", ["forged", "of another user", "of an earlier address", "expired", "an invitation"])
def test_a_token_that_is_not_for_this_account_verifies_nothing(api, monkeypatch, case):
    register(api)
    register(api, "ann@example.com")
    user, client = User.objects.get(email=ADDRESS), with_login()
    last_week = (timezone.now() - VERIFICATION_AGE).timestamp() - 1
    if case == "expired":
        monkeypatch.setattr("time.time", lambda: last_week)
    tokens = {
        "forged": f"{token_of(user)}x",
        "of another user": token_of(User.objects.get(email="ann@example.com")),
        "of an earlier address": token_in(verification_link(user.pk, "earlier@example.com")),
        "expired": token_of(user),
        "an invitation": token_in(invitation_link(user.pk)),
    }
    monkeypatch.undo()

    assert problem(verify(client, tokens[case])) == NOT_VALID
    assert not User.objects.exclude(verified_at=None).exists()


def test_verifying_needs_a_login(api):
    register(api)

    assert verify(api, token_of(the_user())).status_code == 401


def test_a_mail_can_be_requested_again_after_a_while(api):
    register(api)
    client = with_login()
    refused = client.post("/api/v1/verify/resend")
    later(seconds=RESEND_AFTER.total_seconds() + 1)

    sent = client.post("/api/v1/verify/resend")

    assert problem(refused) == (429, f"/problems/{AlreadySent.problem}")
    assert 0 < int(refused["Retry-After"]) <= RESEND_AFTER.total_seconds()
    assert sent.status_code == 202
    assert problem(client.post("/api/v1/verify/resend"))[0] == 429
    assert len(mails(VERIFICATION)) == 2


@pytest.mark.parametrize("why", ["verified", "not asked for"])
def test_no_mail_is_sent_to_whom_it_is_of_no_use(api, settings, why):
    register(api)
    later(hours=1)
    client = with_login()
    if why == "verified":
        User.objects.update(verified_at=timezone.now())
    else:
        settings.VERIFY_EMAIL = False

    answer = client.post("/api/v1/verify/resend")

    assert (answer.status_code, answer.json()) == (200, {"message": NOT_NEEDED})
    assert len(mails(VERIFICATION)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_requested_at_once_one_is_sent(api):
    register(api)
    clients = [with_login(), with_login()]
    RequestCount.objects.all().delete()  # as housekeeping does later

    statuses = at_once(*(lambda client=client: client.post("/api/v1/verify/resend").status_code for client in clients))

    assert sorted(statuses) == [202, 429]
    assert len(mails(VERIFICATION)) == 2


@by_rows
@pytest.mark.django_db(transaction=True)
def test_a_request_for_a_mail_and_another_registration_of_the_address_do_not_wait_for_each_other(api):
    register(api)
    later(hours=1)
    user = the_user()
    with ExitStack() as stack, transaction.atomic():
        User.objects.select_for_update().get()  # as who registers it again
        resent = stack.enter_context(another_connection(lambda: verification.resend_verification(user)))
        eventually(lambda: is_waited_for(own_pid()))

        RequestCount.objects.select_for_update(nowait=True).get(key=key_of("verification", ADDRESS))

    resent.result(TIMEOUT)
    assert len(mails(VERIFICATION)) == 2


def test_each_mail_that_is_promised_is_sent(api):
    register(api)
    client = with_login()
    statuses = []
    for _ in range(8):
        later(seconds=RESEND_AFTER.total_seconds() + 1)
        statuses.append(client.post("/api/v1/verify/resend").status_code)

    assert 1 < statuses.count(202) == len(mails(VERIFICATION)) - 1


def test_a_verification_by_a_password_that_was_changed_meanwhile_does_not_count(api):
    register(api)
    user = the_user()
    User.objects.update(password="!")

    with pytest.raises(VerificationNotValid):
        verification.verify(user, token_of(user))
    assert the_user().verified_at is None
