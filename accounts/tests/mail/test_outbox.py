"""Mail is written with what causes it, and bounded."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.mail.outbox import MOST, MOST_WAITING, TOO_MANY_WAITING, TooManyMails, post_mail
from accounts.models import OutgoingMail, RequestCount
from accounts.new_addresses import ask_for_new_address
from accounts.tests.baker_recipes import PASSWORD, writer
from accounts.tests.doors import ADDRESS, register, the_user, with_login
from accounts.tests.mail.mailbox import mails_to

Kind = OutgoingMail.Kind


@pytest.mark.django_db
def test_an_address_gets_five_mails_of_a_kind_an_hour_however_it_is_written():
    posted = [post_mail(Kind.PASSWORD_RESET, to) for to in ["Bob@Example.com", "bob@example.com"] * 4]

    assert posted == [True] * 5 + [False] * 3
    assert OutgoingMail.objects.count() == MOST == 5
    assert post_mail(Kind.PASSWORD_CHANGED, "bob@example.com")
    assert post_mail(Kind.PASSWORD_RESET, "eve@example.com")


@pytest.mark.django_db
def test_an_hour_later_it_gets_mail_again():
    posted = [post_mail(Kind.PASSWORD_RESET, "bob@example.com") for _ in range(6)]
    RequestCount.objects.update(ends_at=timezone.now() - timedelta(seconds=1))

    assert [*posted, post_mail(Kind.PASSWORD_RESET, "bob@example.com")] == [True] * 5 + [False, True]


@pytest.mark.django_db
def test_mail_that_was_sent_counts_too():
    for _ in range(5):
        post_mail(Kind.PASSWORD_RESET, "bob@example.com")
    OutgoingMail.objects.all().delete()

    assert not post_mail(Kind.PASSWORD_RESET, "bob@example.com")


@pytest.mark.django_db(transaction=True)
def test_mail_of_what_did_not_happen_is_not_sent():
    user = writer.make()
    for _ in range(MOST):
        post_mail(Kind.ADDRESS_NOTICE, user.email, user)
    OutgoingMail.objects.all().delete()

    with pytest.raises(TooManyMails):
        ask_for_new_address(user, "new@example.com")

    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_requests_at_once_get_no_more():
    def post(number: int) -> bool:
        try:
            return post_mail(Kind.PASSWORD_RESET, "bob@example.com")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        posted = list(threads.map(post, range(24)))

    assert posted.count(True) == OutgoingMail.objects.count() == MOST


@pytest.mark.django_db
def test_who_registers_an_address_and_leaves_again_and_again_does_not_flood_it(api, settings, mailoutbox):
    settings.VERIFY_EMAIL = True
    for _ in range(MOST + 2):
        register(api)
        mails_to(ADDRESS)
        assert with_login().delete("/api/v1/me", {"password": PASSWORD, "posts": "delete"}).status_code == 204

    register(api)  # the owner, who gets a mail later

    assert len(mails_to(ADDRESS)) == 1
    assert the_user().verification_sent_at == OutgoingMail.objects.get().not_before
    assert OutgoingMail.objects.get().not_before > timezone.now()


@pytest.mark.django_db
def test_mails_that_strangers_ask_for_do_not_pile_up_without_bound(api):
    waiting = OutgoingMail(kind=Kind.PASSWORD_RESET, to="nobody@example.com")
    OutgoingMail.objects.bulk_create([waiting] * (MOST_WAITING - 1))
    answers = [api.post("/api/v1/password/reset", {"email": f"{name}@example.com"}) for name in ("bob", "eve")]

    assert [answer.status_code for answer in answers] == [202, 429]
    assert answers[1].json()["detail"] == TOO_MANY_WAITING
