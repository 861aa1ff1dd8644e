"""Mail that waits, and the page that changes a password, in the admin."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.admin.outgoing_mail import GIVEN_UP, QUEUED, SEND_AGAIN
from accounts.mail.sender import MOST_ATTEMPTS, send_due
from accounts.models import OutgoingMail
from accounts.tests.baker_recipes import PASSWORD, editor, writer
from accounts.tokens import token_pair
from blogsite.testing.browsers import logged_in

pytestmark = pytest.mark.django_db
LIST = reverse("admin:accounts_outgoingmail_changelist")


def given_up() -> OutgoingMail:
    later = timezone.now() + timedelta(hours=1)
    return OutgoingMail.objects.create(
        kind=OutgoingMail.Kind.PASSWORD_CHANGED,
        to="bob@example.com",
        user=writer.make(),
        data={"stamp": "0123456789abcdef"},
        attempts=MOST_ATTEMPTS,
        not_before=later,
        error="550 No such user",
    )


def test_the_list_says_why_mail_was_not_sent_and_changes_nothing(editor_client):
    mail = given_up()

    page = editor_client.get(LIST).content.decode()

    assert "bob@example.com" in page
    assert "550 No such user" in page
    assert f'<td class="field-next_attempt">{GIVEN_UP}</td>' in page
    assert "0123456789abcdef" not in page
    assert reverse("admin:accounts_outgoingmail_change", args=[mail.pk]) not in page
    assert editor_client.get(reverse("admin:accounts_outgoingmail_add")).status_code == 403


def send_again(client, mail):
    return client.post(LIST, {"action": "send_again", "_selected_action": [mail.pk]}, follow=True)


def test_mail_that_was_given_up_is_sent_again_on_request(editor_client, mailoutbox):
    mail = given_up()
    assert SEND_AGAIN in editor_client.get(LIST).content.decode()

    page = send_again(editor_client, mail)

    assert QUEUED.format(1) in page.content.decode()
    assert send_due() == 1
    assert mailoutbox[0].to == ["bob@example.com"]


def test_staff_who_may_only_look_cannot_send(mailoutbox):
    user = writer.make(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_outgoingmail"))
    mail, browser = given_up(), logged_in(user)
    assert "550 No such user" in browser.get(LIST).content.decode()

    send_again(browser, mail)

    assert send_due() == 0


def test_a_password_changed_in_the_admin_ends_other_sessions_and_tokens(api):
    user = editor.make()
    here, elsewhere, tokens = logged_in(user), logged_in(user), token_pair(user)
    new = {"new_password1": "snow-on-the-Daffodils-3", "new_password2": "snow-on-the-Daffodils-3"}

    answer = here.post(reverse("admin:password_change"), {"old_password": PASSWORD, **new})

    assert answer.status_code == 302
    assert here.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    access = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert api.get("/api/v1/me", headers=access).status_code == 401
    assert api.post("/api/v1/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401
