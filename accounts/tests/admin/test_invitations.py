"""Invitations in the admin, and by the command."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.admin.invitations import MAILED, NOT_MAILED, NOT_PENDING
from accounts.links import invitation_in, invitation_link
from accounts.mail.outbox import MOST, TOO_MANY_MAILS
from accounts.models import Invitation, OutgoingMail, User
from accounts.registration import CLOSED_TO_INVITED, HAS_ACCOUNT
from accounts.tests.baker_recipes import writer
from accounts.tests.doors import ADDRESS, invitation, mails, register
from blogsite.testing.browsers import logged_in

pytestmark = pytest.mark.django_db
LIST, ADD = reverse("admin:accounts_invitation_changelist"), reverse("admin:accounts_invitation_add")
MAIL = OutgoingMail.Kind.INVITATION


def page_of(row: Invitation) -> str:
    return reverse("admin:accounts_invitation_change", args=[row.pk])


def invite(*arguments: str) -> str:
    printed = StringIO()
    call_command("invite", *arguments, stdout=printed)
    return printed.getvalue().strip()


@pytest.mark.parametrize("by_mail", [True, False])
def test_an_invitation_made_in_the_admin_shows_its_link(editor_client, api, settings, by_mail):
    settings.REGISTRATION = "invite"

    page = editor_client.post(ADD, {"email": "Bob@Example.com"} | ({"send": "on"} if by_mail else {}), follow=True)

    row = Invitation.objects.get()
    assert (row.email, row.created_by) == (ADDRESS, User.objects.get())
    assert invitation_link(row.pk).rpartition(":")[0].rpartition(":")[0] in page.content.decode()
    assert [(mail.to, mail.data) for mail in mails(MAIL)] == [(ADDRESS, {"invitation": row.pk})] * by_mail
    assert register(api, invitation=invitation_link(row.pk)).status_code == 201


def test_an_invitation_that_no_mail_can_be_sent_for_is_made_all_the_same(editor_client):
    pages = [editor_client.post(ADD, {"email": ADDRESS, "send": "on"}, follow=True) for _ in range(MOST + 1)]

    said = [[str(message) for message in page.context["messages"]] for page in pages]
    assert said == [[MAILED]] * MOST + [[NOT_MAILED]]
    assert (Invitation.objects.count(), len(mails(MAIL))) == (MOST + 1, MOST)


def test_the_command_says_that_no_mail_can_be_sent_and_makes_no_invitation():
    for _ in range(MOST):
        invite(ADDRESS, "--mail")

    with pytest.raises(CommandError, match=re.escape(TOO_MANY_MAILS)):
        invite(ADDRESS, "--mail")
    assert Invitation.objects.count() == len(mails(MAIL)) == MOST


def test_the_page_that_invites_has_one_button(editor_client):
    html = editor_client.get(ADD).content.decode()

    assert re.findall(r'<input type="submit"[^>]* name="(\w+)"', html) == ["_save"]


def test_the_list_says_which_are_pending_used_and_expired(editor_client):
    now = timezone.now()
    invitation(created_by=User.objects.get())
    invitation(used_at=now)
    invitation(expires_at=now - timedelta(days=1))

    html = editor_client.get(LIST).content.decode()

    for state in ("pending", "used", "expired"):
        assert f'<td class="field-state">{state}</td>' in html


@pytest.mark.parametrize("fields", [{"used_at": timezone.now()}, {"expires_at": timezone.now()}])
def test_the_link_of_an_invitation_that_is_no_longer_pending_is_not_shown(editor_client, fields):
    html = editor_client.get(page_of(invitation(**fields))).content.decode()

    assert NOT_PENDING in html
    assert "/account/invitation/" not in html


def test_an_invitation_cannot_be_changed(editor_client):
    row = invitation()

    assert editor_client.post(page_of(row), {"email": "ann@example.com"}).status_code == 403
    assert Invitation.objects.get().email == ADDRESS


def test_a_deleted_invitation_is_revoked(editor_client, api):
    row = invitation()

    editor_client.post(reverse("admin:accounts_invitation_delete", args=[row.pk]), {"post": "yes"})

    assert register(api, invitation=invitation_link(row.pk)).status_code == 403


def test_the_link_is_only_for_those_who_may_invite():
    staff = writer.make(is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_invitation"))
    row = invitation()

    html = logged_in(staff).get(page_of(row)).content.decode()

    assert ADDRESS in html
    assert "/account/invitation/" not in html


@pytest.mark.parametrize("address", ["bob", "bob@☃.net", "", "TAKEN@example.com"])
def test_nobody_is_invited_at_an_address_that_is_none_or_has_an_account(editor_client, address):
    writer.make(email="taken@example.com")

    answer = editor_client.post(ADD, {"email": address, "send": "on"})

    assert list(answer.context["adminform"].form.errors) == ["email"]
    with pytest.raises(CommandError):
        invite(address)
    assert not Invitation.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("by_mail", [True, False])
def test_the_command_prints_a_link_that_registers(api, settings, by_mail):
    settings.REGISTRATION, settings.PUBLIC_URL = "invite", "https://blog.example.com"

    link = invite("Bob@Example.com", *["--mail"] * by_mail)

    assert link.startswith("https://blog.example.com/account/invitation/")
    assert [mail.data for mail in mails(MAIL)] == [{"invitation": Invitation.objects.get().pk}] * by_mail
    assert register(api, invitation=link).status_code == 201
    with pytest.raises(CommandError, match=HAS_ACCOUNT):
        invite(ADDRESS)


def test_the_printed_link_is_not_the_one_that_proves_the_address():
    assert invitation_in(invite(ADDRESS, "--mail")) == (Invitation.objects.get().pk, False)


def test_nobody_is_invited_while_registration_is_closed(editor_client, settings):
    settings.REGISTRATION = "closed"

    answer = editor_client.post(ADD, {"email": ADDRESS})

    assert answer.context["adminform"].form.errors == {"email": [CLOSED_TO_INVITED]}
    with pytest.raises(CommandError, match="REGISTRATION=invite"):
        invite(ADDRESS)
    assert not Invitation.objects.exists()


def test_an_address_that_is_held_unverified_can_be_invited(api, settings):
    settings.VERIFY_EMAIL = True
    register(api)

    assert "/account/invitation/" in invite(ADDRESS)
