"""Sending: each mail once, whatever the mail server does, and outside of every request."""

import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.mail.outbox import post_mail
from accounts.mail.sender import CLAIMED_FOR, FIRST_DELAY, LONGEST_DELAY, MOST_ATTEMPTS, send_due
from accounts.models import OutgoingMail
from accounts.tests.baker_recipes import writer
from accounts.tests.mail.smtp_server import SmtpServer

Kind = OutgoingMail.Kind
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def mail_server(settings):
    """Return a function that has mail sent to a port of this machine."""

    def use(port: int, password: str = "") -> None:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
        settings.EMAIL_HOST_PASSWORD = password

    return use


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def post(*names: str) -> None:
    for name in names:
        post_mail(Kind.PASSWORD_CHANGED, f"{name}@example.com", writer.make())


def make_due() -> None:
    OutgoingMail.objects.update(not_before=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_a_mail_server_gets_the_mail_as_it_was_written(mail_server, settings):
    settings.DEFAULT_FROM_EMAIL = "Blogsite <noreply@example.com>"
    post_mail(Kind.PASSWORD_RESET, "buecher@example.com")
    writer.make(email="buecher@example.com")
    with SmtpServer() as server:
        mail_server(server.port)
        assert send_due() == 1

    (mail,) = server.received
    assert (mail["To"], mail["From"]) == ("buecher@example.com", "Blogsite <noreply@example.com>")
    assert mail["Subject"] == "Reset your password"
    assert f"\n{settings.PUBLIC_URL}/account/password/reset/" in mail.get_content()
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db
def test_mail_waits_longer_and_longer_for_a_server_that_is_away(mail_server):
    mail_server(closed_port())
    post("bob")
    delays = []
    for _ in range(MOST_ATTEMPTS + 2):
        make_due()
        before = timezone.now()
        assert send_due() == 0
        delays.append(round((OutgoingMail.objects.get().not_before - before).total_seconds()))

    mail = OutgoingMail.objects.get()
    assert delays[:3] == [FIRST_DELAY, 2 * FIRST_DELAY, 4 * FIRST_DELAY]
    assert max(delays) == LONGEST_DELAY
    assert 20 < sum(delays[:MOST_ATTEMPTS]) / 3600 < 28  # hours
    assert delays[MOST_ATTEMPTS:] == [-1, -1]  # given up: nobody tries any more
    assert (mail.attempts, "refused" in mail.error) == (MOST_ATTEMPTS, True)


@pytest.mark.django_db
def test_mail_goes_out_once_the_server_is_back(mail_server):
    mail_server(closed_port())
    post("bob", "eve")
    send_due()
    with SmtpServer() as server:
        mail_server(server.port)
        assert [send_due(), send_due()] == [1, 0]  # the first one has not waited long enough
        make_due()
        assert send_due() == 1

    assert {mail["To"] for mail in server.received} == {"bob@example.com", "eve@example.com"}


@pytest.mark.django_db
def test_one_mail_that_is_refused_does_not_hold_up_the_others(mail_server):
    post("bob1", "bob2", "bob3", "eve")
    with SmtpServer("550 No such user", refused="bob") as server:
        mail_server(server.port)
        assert send_due() == 1

    assert [mail.attempts for mail in OutgoingMail.objects.all()] == [1, 1, 1]
    assert "550" in OutgoingMail.objects.get(to="bob1@example.com").error
    assert [mail["To"] for mail in server.received] == ["eve@example.com"]


@pytest.mark.django_db
def test_a_server_that_takes_no_mail_for_the_moment_is_left_alone(mail_server):
    post("bob", "eve")
    with SmtpServer("451 Try again later") as server:
        mail_server(server.port)
        send_due()

    assert sorted(mail.attempts for mail in OutgoingMail.objects.all()) == [0, 1]


@pytest.mark.django_db
def test_what_the_server_said_is_kept_without_secrets(mail_server):
    writer.make(email="bob@example.com")
    post_mail(Kind.PASSWORD_RESET, "bob@example.com")
    with SmtpServer("554 spam: http://127.0.0.1:8000/account/password/reset/7-x y of bob:hunter22") as server:
        mail_server(server.port, password="hunter22")
        send_due()

    error = OutgoingMail.objects.get().error
    assert "554" in error
    assert "spam: http://127.0.0.1:8000/account/..." in error
    assert "7-x" not in error
    assert "hunter22" not in error


@pytest.mark.django_db
def test_a_call_looks_at_no_more_than_it_is_asked_to(mailoutbox):
    post("bob", "eve", "kim")

    assert [send_due(2), send_due(2), send_due(2)] == [2, 1, 0]
    assert [mail.to for mail in mailoutbox] == [["bob@example.com"], ["eve@example.com"], ["kim@example.com"]]


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(mailoutbox):
    post(*(f"writer{number}" for number in range(30)))

    def work(number: int) -> int:
        try:
            return sum(send_due() for _ in range(3))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        sent = sum(workers.map(work, range(4)))

    assert sent == 30
    assert set(Counter(mail.to[0] for mail in mailoutbox).values()) == {1}
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_sent_outside_of_any_transaction_while_its_row_is_claimed(settings):
    settings.EMAIL_BACKEND = "accounts.tests.mail.test_sender.Watching"
    Watching.seen.clear()
    post("bob")

    send_due()

    ((in_transaction, not_before, sent_by_another),) = Watching.seen
    assert (in_transaction, sent_by_another) == (False, 0)
    assert not_before > timezone.now() + CLAIMED_FOR / 2


class Watching:
    """A mail backend that notes what the database looks like while it sends."""

    seen: list[tuple[bool, datetime, int]] = []

    def __init__(self, **options: object) -> None:
        pass

    def send_messages(self, messages: list[object]) -> int:
        not_before = OutgoingMail.objects.get().not_before
        self.seen.append((connection.in_atomic_block, not_before, send_due()))
        return len(messages)


@pytest.mark.django_db
def test_mail_of_a_worker_that_died_with_it_is_sent_after_all(settings, mailoutbox):
    settings.EMAIL_BACKEND = "accounts.tests.mail.test_sender.Dying"
    post("bob")
    with pytest.raises(SystemExit):
        send_due()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert send_due() == 0
    OutgoingMail.objects.update(not_before=OutgoingMail.objects.get().not_before - CLAIMED_FOR)
    assert send_due() == 1
    assert len(mailoutbox) == 1


class Dying(Watching):
    def send_messages(self, messages: list[object]) -> int:
        raise SystemExit
