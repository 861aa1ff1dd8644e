"""Approval of accounts in the admin."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutgoingMail, User
from accounts.registration import approve
from accounts.tests.baker_recipes import PASSWORD, writer
from accounts.tests.doors import ADDRESS, mails
from blogsite.testing.browsers import logged_in
from blogsite.testing.connections import another_connection, by_rows, is_waited_for, own_pid
from blogsite.testing.workers import TIMEOUT, eventually

pytestmark = pytest.mark.django_db
LIST, HOME = reverse("admin:accounts_user_changelist"), reverse("admin:index")
APPROVED = OutgoingMail.Kind.APPROVED


def test_selected_users_are_approved_and_get_a_mail_if_they_waited(editor_client):
    waiting, other, approved = (writer.make(is_approved=state) for state in (False, False, True))

    page = editor_client.post(
        LIST, {"action": "approve_selected", "_selected_action": [waiting.pk, approved.pk]}, follow=True
    )

    assert "Accounts approved: 1." in page.content.decode()
    assert set(User.objects.filter(is_approved=False)) == {other}
    assert [(mail.to, mail.user) for mail in mails(APPROVED)] == [(waiting.email, waiting)]


@by_rows
@pytest.mark.django_db(transaction=True)
def test_an_approval_and_a_deletion_of_the_same_users_do_not_wait_for_each_other():
    first, second = (writer.make(email=f"{name}@example.com", is_approved=False) for name in "ba")
    with ExitStack() as stack, transaction.atomic():
        User.objects.select_for_update().get(pk=first.pk)
        approval = stack.enter_context(another_connection(lambda: approve(User.objects.all())))
        eventually(lambda: is_waited_for(own_pid()))

        User.objects.select_for_update(nowait=True).get(pk=second.pk)

    assert approval.result(TIMEOUT) == 2


def test_a_form_in_the_admin_writes_only_what_was_changed_in_it(editor_client):
    user = writer.make(is_approved=False)
    updates: list[str] = []
    form = {"email": user.email, "is_approved": "on", "is_active": "on"}

    def log_out_first(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith('UPDATE "accounts_user"') and not updates:
            updates.append(sql)
            user.log_out_everywhere()
        return execute(sql, *args)

    with connection.execute_wrapper(log_out_first):
        editor_client.post(reverse("admin:accounts_user_change", args=[user.pk]), form)

    user.refresh_from_db()
    assert (user.is_approved, user.login_epoch) == (True, 1)


def test_a_ticked_box_approves_too(editor_client):
    user = writer.make(is_approved=False)
    form = {"email": user.email, "is_approved": "on", "is_active": "on"}

    for _ in range(2):
        editor_client.post(reverse("admin:accounts_user_change", args=[user.pk]), form)

    user.refresh_from_db()
    assert user.is_approved
    assert [mail.user for mail in mails(APPROVED)] == [user]


def test_users_are_filtered_by_approval(editor_client):
    writer.make(email="waits@example.com", is_approved=False)

    html = editor_client.get(f"{LIST}?is_approved__exact=0").content.decode()

    assert "waits@example.com" in html
    assert ">editor@example.com</a>" not in html


@pytest.mark.parametrize(("choice", "shown", "hidden"), [("1", "ann", "bob"), ("0", "bob", "ann")])
def test_users_are_filtered_by_whether_their_address_is_verified(editor_client, choice, shown, hidden):
    writer.make(email="ann@example.com", verified_at=timezone.now())
    writer.make(email="bob@example.com", verified_at=None)

    html = editor_client.get(f"{LIST}?verified={choice}").content.decode()

    assert f">{shown}@example.com</a>" in html
    assert f">{hidden}@example.com</a>" not in html


def test_the_first_page_says_how_many_wait_to_those_who_may_change_users(editor_client):
    assert "approval." not in editor_client.get(HOME).content.decode()
    writer.make(is_approved=False)
    writer.make(is_approved=False, is_active=False)
    assert "1 account awaits approval" in editor_client.get(HOME).content.decode()
    writer.make(is_approved=False)
    assert "2 accounts await approval" in editor_client.get(HOME).content.decode()

    staff = writer.make(is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_user"))

    assert "approval." not in logged_in(staff).get(HOME).content.decode()


def test_nobody_approves_without_the_permission_to_change_users():
    staff, waiting = writer.make(is_staff=True), writer.make(is_approved=False)
    staff.user_permissions.add(Permission.objects.get(codename="view_user"))

    logged_in(staff).post(LIST, {"action": "approve_selected", "_selected_action": [waiting.pk]})

    assert not User.objects.get(pk=waiting.pk).is_approved


def test_an_account_made_by_an_administrator_needs_no_verification(editor_client):
    form = {"email": ADDRESS, "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    editor_client.post(reverse("admin:accounts_user_add"), form)

    user = User.objects.get(email=ADDRESS)
    assert (user.verified_at is not None, user.is_approved, user.is_self_registered) == (True, True, False)
