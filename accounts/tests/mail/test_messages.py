"""What mails say, and which are not sent any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.mail.outbox import post_mail
from accounts.mail.sender import send_due
from accounts.models import Invitation, OutgoingMail, User
from accounts.tests.baker_recipes import writer

pytestmark = pytest.mark.django_db
Kind = OutgoingMail.Kind
TO = "o'hara@example.com"


def data_of(kind: Kind, user: User) -> dict[str, object]:
    """Return what comes with a mail of this kind."""
    if kind == Kind.INVITATION:
        return {"invitation": Invitation.objects.create(email=TO).pk}
    return {"old": user.email, "new": "new@example.com", "stamp": user.login_stamp()}


@pytest.fixture(autouse=True)
def public(settings):
    settings.PUBLIC_URL = "https://blog.example.com"


@pytest.mark.parametrize("kind", Kind)
def test_every_mail_is_plain_text_with_links_on_lines_of_their_own(kind, mailoutbox):
    user = writer.make(email=TO)
    post_mail(kind, TO, user, **data_of(kind, user))

    assert send_due() == 1

    (mail,) = mailoutbox
    lines = mail.body.splitlines()
    assert (mail.to, mail.content_subtype) == ([TO], "plain")
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
    assert mail.subject.strip()
    assert lines[0] == "Hello,"
    assert max(map(len, (line for line in lines if "http" not in line))) <= 78
    for line in lines:
        assert "{" not in line
        assert "&#" not in line
        assert "http" not in line or line.startswith("https://blog.example.com")
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("kind", [Kind.ADDRESS_CONFIRMATION, Kind.ADDRESS_NOTICE, Kind.ADDRESS_CHANGED])
def test_mails_about_an_address_name_the_other_one(kind, mailoutbox):
    user = writer.make(email=TO)
    post_mail(kind, TO, user, **data_of(kind, user))

    send_due()

    assert (TO if kind == Kind.ADDRESS_CONFIRMATION else "new@example.com") in mailoutbox[0].body


@pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.VERIFICATION, Kind.PASSWORD_RESET, Kind.ADDRESS_CONFIRMATION])
def test_a_link_is_signed_only_when_it_is_sent(kind, mailoutbox):
    user = writer.make(email=TO)
    post_mail(kind, TO, user, **data_of(kind, user))
    row = str(OutgoingMail.objects.values().get())

    send_due()

    (link,) = (line for line in mailoutbox[0].body.splitlines() if "/account/" in line)
    token = link.rpartition("/")[2]
    assert len(token) > 30
    assert not [part for part in token.split(".") if part in row]
    assert "account" not in row.lower().replace("accounts", "")


def verified(user: User, data: dict[str, object]) -> None:
    User.objects.update(verified_at=timezone.now())


def another_address(user: User, data: dict[str, object]) -> None:
    User.objects.update(email="other@example.com")


def inactive(user: User, data: dict[str, object]) -> None:
    User.objects.update(is_active=False)


def without_password(user: User, data: dict[str, object]) -> None:
    user.set_unusable_password()
    user.save()


def new_password(user: User, data: dict[str, object]) -> None:
    user.set_password("another-Pass-phrase-18")
    user.save()


def used(user: User, data: dict[str, object]) -> None:
    Invitation.objects.update(used_at=timezone.now())


def expired(user: User, data: dict[str, object]) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def withdrawn(user: User, data: dict[str, object]) -> None:
    Invitation.objects.all().delete()


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (Kind.VERIFICATION, verified),
        (Kind.VERIFICATION, another_address),
        (Kind.VERIFICATION, inactive),
        (Kind.PASSWORD_RESET, another_address),
        (Kind.PASSWORD_RESET, inactive),
        (Kind.PASSWORD_RESET, without_password),
        (Kind.ADDRESS_CONFIRMATION, inactive),
        (Kind.ADDRESS_CONFIRMATION, new_password),
        (Kind.ADDRESS_CONFIRMATION, another_address),
        (Kind.INVITATION, used),
        (Kind.INVITATION, expired),
        (Kind.INVITATION, withdrawn),
    ],
)
def test_a_link_without_a_use_any_more_is_not_sent(kind, change, mailoutbox):
    user = writer.make(email=TO)
    data = data_of(kind, user)
    post_mail(kind, TO, user, **data)
    change(user, data)

    assert send_due() == 0

    assert mailoutbox == []
    assert not OutgoingMail.objects.exists()
